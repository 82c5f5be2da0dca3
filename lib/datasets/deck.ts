import type { RandomStream } from "../runtime/random";

/**
 * Deals items like a deck of cards: shuffled, all of them once, then shuffled anew. Over any number of deals no item comes
 * up more than once more often than another.
 *
 * @param stream the only source of chance, drawn from when the deck is empty
 */
export function dealer<Item>(items: readonly Item[], stream: RandomStream): () => Item {
  let deck: Item[] = [];
  return () => {
    if (deck.length === 0) deck = stream.shuffled(items);
    return deck.pop()!;
  };
}
