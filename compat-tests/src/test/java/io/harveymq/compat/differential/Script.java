package io.harveymq.compat.differential;

import java.util.List;
import java.util.stream.Collectors;

/** A conversation to be played: steps in their order. Immutable; any thread. */
record Script(List<Step> steps) {

  Script {
    steps = List.copyOf(steps);
  }

  /** Reads one step per line; empty lines and those that begin with # are left out. */
  static Script parse(String text) {
    return new Script(
        text.lines()
            .map(String::trim)
            .filter(line -> !line.isEmpty() && !line.startsWith("#"))
            .map(Step::parse)
            .toList());
  }

  @Override
  public String toString() {
    return steps.stream().map(Step::toString).collect(Collectors.joining("\n"));
  }
}
