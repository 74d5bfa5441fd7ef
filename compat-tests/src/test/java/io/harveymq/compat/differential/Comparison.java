package io.harveymq.compat.differential;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Plays scripts against RabbitMQ and Harvey and says where they differ. Confined to one thread. */
final class Comparison {
  /** How often RabbitMQ is asked again before a difference is believed. */
  private static final int DOUBTS = 3;

  private final Peer rabbit;
  private final Peer harvey;

  Comparison(Peer rabbit, Peer harvey) {
    this.rabbit = rabbit;
    this.harvey = harvey;
  }

  /**
   * The first difference.
   *
   * @param step the number of the step, from 0
   * @param text what both answered to it
   */
  record Difference(int step, String text) {}

  /**
   * The first difference; null if RabbitMQ behaves like Harvey, at least sometimes: what it decides
   * by chance can't be compared.
   */
  Difference difference(Script script) throws IOException {
    List<String> actual = Player.play(harvey, script);
    Difference difference = null;
    for (int i = 0; i <= DOUBTS; i++) {
      difference = difference(Player.play(rabbit, script), actual);
      if (difference == null) {
        return null;
      }
    }
    return difference;
  }

  private static Difference difference(List<String> expected, List<String> actual) {
    int at = 0;
    while (at < expected.size() && at < actual.size() && expected.get(at).equals(actual.get(at))) {
      at++;
    }
    if (at == expected.size() && at == actual.size()) {
      return null;
    }
    int step = stepBefore(expected, at);
    String text = "RabbitMQ:\n" + lines(expected, step) + "\nHarvey:\n" + lines(actual, step);
    return new Difference(step, text);
  }

  /** The number of the step that a line belongs to; the one before it if it begins a step. */
  private static int stepBefore(List<String> lines, int at) {
    long begun = lines.stream().limit(at).filter(line -> line.startsWith(">")).count();
    return (int) Math.max(0, begun - 1);
  }

  private static String lines(List<String> all, int step) {
    List<String> lines = new ArrayList<>();
    int current = -1;
    for (String line : all) {
      current += line.startsWith(">") ? 1 : 0;
      if (current == step) {
        lines.add(line);
      }
    }
    return String.join("\n", lines);
  }

  /** Leaves out of a script what it can do without and still show a difference. */
  Script shrunk(Script script) throws IOException {
    List<Step> steps = untilDifference(script.steps());
    for (int size = Math.max(1, steps.size() / 2); size > 0; size /= 2) {
      int end = steps.size();
      while (end > 0) {
        int from = Math.max(0, end - size);
        List<Step> fewer = new ArrayList<>(steps);
        fewer.subList(from, end).clear();
        steps = fewer.isEmpty() ? steps : shorter(steps, fewer);
        end = Math.min(from, steps.size());
      }
    }
    return new Script(steps);
  }

  private List<Step> shorter(List<Step> steps, List<Step> fewer) throws IOException {
    Difference difference = difference(new Script(fewer));
    return difference == null ? steps : fewer.subList(0, difference.step + 1);
  }

  private List<Step> untilDifference(List<Step> steps) throws IOException {
    return shorter(steps, steps);
  }
}
