export { UserError } from "./runtime/user-error";
