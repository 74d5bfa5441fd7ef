package io.harveymq.management.dev;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.harveymq.management.json.Json;
import java.util.Comparator;

/**
 * Something that needs attention: a sentence about an object, what shows it, and what mends it.
 * Filled by one thread, then not changed.
 */
final class Finding {
  /** How bad it is. */
  enum Severity {
    BAD,
    WARN
  }

  /** How long it is to be seen. */
  enum Stay {
    /** Seen for a moment only, and so told before those that stay. */
    PASSES,
    /** As long as it is so. */
    STAYS,
    /** No more so, and told after what is. */
    PAST
  }

  /** The worst first; of two alike, the one that passes, then the one with the greater weight. */
  static final Comparator<Finding> WORST_FIRST =
      Comparator.comparing((Finding finding) -> finding.severity)
          .thenComparing(finding -> finding.stay)
          .thenComparing(finding -> -finding.weight)
          .thenComparing(finding -> finding.text);

  private final String kind;
  private final Severity severity;
  private final ObjectNode object = Json.object();
  private final ObjectNode evidence = Json.object();
  private final String subject;
  private final String text;
  private ObjectNode act;
  private Stay stay = Stay.STAYS;
  private double weight;
  private long since;

  /**
   * @param kind such as {@code dropping}
   * @param subject who or what the sentence is about
   * @param predicate the rest of the sentence
   */
  Finding(String kind, Severity severity, String subject, String predicate) {
    this.kind = kind;
    this.severity = severity;
    this.subject = subject;
    this.text = subject + " " + predicate;
  }

  /** What it is about; the virtual host may be null. */
  Finding of(String type, String vhost, String name) {
    object.put("type", type);
    if (vhost != null) {
      object.put("vhost", vhost);
    }
    object.put("name", name);
    return this;
  }

  /** A number that shows it. */
  Finding shows(String name, long number) {
    evidence.put(name, number);
    return this;
  }

  /** A rate that shows it, each second. */
  Finding shows(String name, double rate) {
    evidence.put(name, Math.round(rate * 100) / 100.0);
    return this;
  }

  /** A text that shows it. */
  Finding shows(String name, String value) {
    if (value != null) {
      evidence.put(name, value);
    }
    return this;
  }

  /** What shows it, to be added to. */
  ObjectNode evidence() {
    return evidence;
  }

  /**
   * What mends it.
   *
   * @param what such as {@code bind}
   * @param label as a button has it
   */
  Finding mendedBy(String what, String label) {
    act = Json.object().put("do", what).put("label", label);
    return this;
  }

  /** What the act is to be told besides. */
  Finding with(String name, String value) {
    act.put(name, value);
    return this;
  }

  /** What mends it, to be added to. */
  ObjectNode act() {
    return act;
  }

  /** How much it matters among others that are as bad, which grows as it gets worse. */
  Finding weighs(double howMuch) {
    weight = howMuch;
    return this;
  }

  /** How long it is to be seen. */
  Finding stays(Stay howLong) {
    stay = howLong;
    return this;
  }

  /** When it began, in milliseconds since the epoch. */
  Finding since(long time) {
    since = time;
    return this;
  }

  /** As the API tells it. */
  ObjectNode json() {
    ObjectNode body = Json.object();
    body.put("kind", kind);
    body.put("severity", severity == Severity.BAD ? "bad" : "warn");
    body.set("object", object);
    body.put("subject", subject);
    body.put("text", text);
    body.set("evidence", evidence);
    if (act != null) {
      body.set("act", act);
    }
    body.put("weight", Math.round(weight * 100) / 100.0);
    if (since > 0) {
      body.put("since", since);
    }
    return body;
  }
}
