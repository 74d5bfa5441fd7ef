package io.harveymq.persistence;

/**
 * What a store holds. Immutable; any thread.
 *
 * @param format version of the format on the disk
 * @param queues durable ones that are defined
 * @param definitions of all kinds, those of queues included
 * @param messages that are live
 * @param bytes of their bodies and properties
 * @param segments that hold them
 * @param slabs of 64 KiB that the file is divided into
 * @param freeSlabs of these, those with nothing in them
 * @param fileBytes size of the file as far as it has been used
 * @param liveBytes of the file that are in use
 * @param journalBytes size of the journals
 */
public record StoreInfo(
    int format,
    int queues,
    int definitions,
    long messages,
    long bytes,
    int segments,
    int slabs,
    int freeSlabs,
    long fileBytes,
    long liveBytes,
    long journalBytes) {}
