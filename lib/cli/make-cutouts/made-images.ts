/** The images of one kind, and the table that lists them. */
export interface MadeImages {
  /** The text of the table. */
  table: string;
  /** Where each image goes, relative to the data's folder, and its bytes, in the order of the list of choices. */
  images: { file: string; bytes: Buffer; className: string }[];
}

/** A whole data set: its tables by file name, and a contact sheet where it has one. */
export interface MadeDataSet {
  tables: Record<string, MadeImages>;
  contactSheet?: Buffer;
}
