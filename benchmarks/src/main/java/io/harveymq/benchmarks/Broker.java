package io.harveymq.benchmarks;

/**
 * A running broker under measurement. Immutable.
 *
 * @param name the name shown in reports
 * @param target where its AMQP listener is
 * @param process the operating system's view of it: CPU time and memory
 */
public record Broker(String name, Target target, ProcessStats process) {}
