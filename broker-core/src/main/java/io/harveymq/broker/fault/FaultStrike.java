package io.harveymq.broker.fault;

import io.harveymq.codec.ReplyCode;

/**
 * What a fault does to the command of a client. Immutable; any thread.
 *
 * @param kind one that ends the command
 * @param code to close with; null unless it closes something
 * @param text that tells the client, and the log, that it is no error of theirs
 */
public record FaultStrike(FaultKind kind, ReplyCode code, String text) {}
