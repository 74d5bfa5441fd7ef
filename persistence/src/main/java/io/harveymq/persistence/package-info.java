/**
 * The broker's store in a directory: slabs that MapDB allocates on a journaled volume, and in them
 * segments of messages, bodies, and definitions.
 */
package io.harveymq.persistence;
