/**
 * A file-backed volume with a redo journal, the lowest layer of the store: what was committed
 * survives a crash as a whole or not at all. {@link
 * io.harveymq.persistence.journal.JournaledVolume} is the way in.
 */
package io.harveymq.persistence.journal;
