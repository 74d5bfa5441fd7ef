package io.harveymq.server.config;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What is in force: of each setting the value from the strongest source, and of equally strong ones
 * the last. Of a family, such as {@code listeners.tcp.1} and {@code listeners.tcp.2}, only what the
 * strongest source says counts, unless its keys are settings of their own, as those of {@code
 * ssl_options} are. Filled by one thread, then only read.
 */
public final class EffectiveConfig {
  private final Map<String, ConfigEntry> entries = new LinkedHashMap<>();
  private final List<ConfigEntry> withoutEffect = new ArrayList<>();
  private final List<String> plugins = new ArrayList<>();
  private final List<String> files = new ArrayList<>();
  private final Notices notices = new Notices();

  void add(ConfigEntry entry) {
    if (ConfigKey.find(entry.key()) == null) {
      addOther(entry);
      return;
    }
    ConfigEntry present = entries.get(entry.key());
    if (present == null || present.source().compareTo(entry.source()) <= 0) {
      entries.put(entry.key(), entry);
    }
  }

  private void addOther(ConfigEntry entry) {
    if (OtherKeys.isWithoutEffect(entry.key())) {
      withoutEffect.add(entry);
      return;
    }
    String nearest = OtherKeys.nearest(entry.key());
    notices.warn(
        entry.label()
            + " is not a key that Harvey knows; it is passed over"
            + (nearest == null ? "" : " (did you mean " + nearest + "?)"));
  }

  void addPlugins(List<String> names) {
    plugins.addAll(names);
  }

  void addFile(String file) {
    files.add(file);
  }

  /** Warnings and remarks; more may come while the values are looked at. */
  public Notices notices() {
    return notices;
  }

  /** The plugins that an enabled_plugins file names. */
  public List<String> plugins() {
    return List.copyOf(plugins);
  }

  /** The configuration files that were read, in order. */
  public List<String> files() {
    return List.copyOf(files);
  }

  /** Keys of RabbitMQ that are given and mean nothing to Harvey. */
  public List<ConfigEntry> withoutEffect() {
    return List.copyOf(withoutEffect);
  }

  /** The setting in force, which is its default when nobody gave one. */
  public ConfigEntry entry(ConfigKey key) {
    ConfigEntry entry = entries.get(key.key());
    return entry == null ? key.defaultEntry() : entry;
  }

  /**
   * All settings of a family in force; only its default, under the family's name, if nobody gave
   * one.
   */
  public List<ConfigEntry> family(ConfigKey family) {
    List<ConfigEntry> found = new ArrayList<>();
    for (ConfigEntry entry : entries.values()) {
      if (ConfigKey.find(entry.key()) == family) {
        int order =
            found.isEmpty() || family.isGroup()
                ? 0
                : entry.source().compareTo(found.get(0).source());
        if (order > 0) {
          found.clear();
        }
        if (order >= 0) {
          found.add(entry);
        }
      }
    }
    return found.isEmpty() ? List.of(entry(family)) : found;
  }

  /** Every setting in force, in the order of {@link ConfigKey}. */
  public List<ConfigEntry> all() {
    List<ConfigEntry> all = new ArrayList<>();
    for (ConfigKey key : ConfigKey.values()) {
      all.addAll(key.isFamily() ? family(key) : List.of(entry(key)));
    }
    return all;
  }
}
