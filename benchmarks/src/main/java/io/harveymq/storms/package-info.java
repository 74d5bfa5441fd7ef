/**
 * Storms: a broker in a process of its own is treated badly while clients work on it, and a model
 * tells what must be left; and the soak, hours of mixed load. {@code docs/resilience.md} says what
 * there is and how to run it.
 */
package io.harveymq.storms;
