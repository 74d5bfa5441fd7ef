package io.harveymq.broker.auth;

import io.harveymq.codec.FieldValue;
import java.util.Objects;

/**
 * A runtime parameter: something that is said of a virtual host, or of the whole broker, for a
 * component to make use of. Limits and policies have types of their own instead. Immutable; any
 * thread.
 *
 * @param component who makes use of it; empty for a global one
 * @param vhost empty for a global one
 * @param value of any type that JSON has
 */
public record Parameter(String component, String vhost, String name, FieldValue value) {
  /** The global parameter with the name of the cluster. */
  public static final String CLUSTER_NAME = "cluster_name";

  /** None may be null. */
  public Parameter {
    Objects.requireNonNull(component, "component");
    Objects.requireNonNull(vhost, "vhost");
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(value, "value");
  }

  /** A parameter of the whole broker. */
  public static Parameter global(String name, FieldValue value) {
    return new Parameter("", "", name, value);
  }

  /** Whether it is of the whole broker. */
  public boolean isGlobal() {
    return component.isEmpty();
  }

  /** What identifies a parameter. */
  record Key(String component, String vhost, String name) {}

  Key key() {
    return new Key(component, vhost, name);
  }
}
