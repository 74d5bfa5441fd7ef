/**
 * Measures AMQP 0-9-1 brokers from outside: a load generator whose clients cost next to nothing,
 * probes for memory and start time, and a side-by-side run of several brokers. Nothing here depends
 * on how a broker is built, so every broker is measured in the same way.
 */
package io.harveymq.benchmarks;
