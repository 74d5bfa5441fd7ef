package io.harveymq.broker;

import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;

/**
 * Which deprecated features may be used: what a version of RabbitMQ says by itself, and what is
 * configured to the contrary. The rules are those of rabbit_deprecated_features. Immutable; any
 * thread.
 *
 * @param deniedByDefault what the version does not permit unless told so
 * @param configured what was permitted, or not, whatever the version says
 */
public record DeprecatedFeatures(
    Set<DeprecatedFeature> deniedByDefault, Map<DeprecatedFeature, Boolean> configured) {

  /** Takes copies. */
  public DeprecatedFeatures {
    deniedByDefault = Set.copyOf(deniedByDefault);
    configured = Map.copyOf(configured);
  }

  /** What a release denies by itself, such as 403 for 4.3. */
  static DeprecatedFeatures of(int release) {
    return new DeprecatedFeatures(
        release >= 403
            ? EnumSet.allOf(DeprecatedFeature.class)
            : EnumSet.noneOf(DeprecatedFeature.class),
        Map.of());
  }

  /** Whether it may be used. */
  public boolean permits(DeprecatedFeature feature) {
    return configured.getOrDefault(feature, !deniedByDefault.contains(feature));
  }

  /** The same with one of them permitted, or denied. */
  public DeprecatedFeatures permitting(DeprecatedFeature feature, boolean permitted) {
    Map<DeprecatedFeature, Boolean> changed = new EnumMap<>(DeprecatedFeature.class);
    changed.putAll(configured);
    changed.put(feature, permitted);
    return new DeprecatedFeatures(deniedByDefault, changed);
  }

  /** RabbitMQ's words for who uses what is denied: by the version, or by the configuration. */
  public String refusal(DeprecatedFeature feature) {
    String key = "deprecated_features.permit." + feature.protocolName();
    String start = "Feature `" + feature.protocolName() + "` is deprecated.\n";
    String end =
        "To continue using this feature when it is not permitted by default, set the following"
            + " parameter in your configuration:\n    \""
            + key
            + " = true\"";
    if (deniedByDefault.contains(feature)) {
      return start
          + "By default, this feature is not permitted anymore.\n"
          + "The feature will be removed from a future major RabbitMQ version, regardless of the"
          + " configuration; actual version to be determined.\n"
          + end;
    }
    return start
        + "Its use is not permitted per the configuration (overriding the default, which is"
        + " permitted):\n    \""
        + key
        + " = false\"\n"
        + "Its use will not be permitted by default in a future minor RabbitMQ version and the"
        + " feature will be removed from a future major RabbitMQ version; actual versions to be"
        + " determined.\n"
        + end;
  }
}
