package io.harveymq.server;

import io.harveymq.server.config.ConfigEntry;
import io.harveymq.server.config.ConfigKey;
import io.harveymq.server.config.ConfigSources;
import io.harveymq.server.config.EffectiveConfig;
import io.harveymq.server.config.Source;
import io.harveymq.server.config.UsageException;
import io.harveymq.server.config.Values;
import io.harveymq.server.ctl.Locator;
import java.io.IOException;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;

/**
 * Tells command line tools where the server has its data, from the same sources as {@link
 * ServerSettings}. Main thread.
 */
final class DataDirectory implements Locator.Places {
  private final ConfigSources sources;

  DataDirectory(ConfigSources sources) {
    this.sources = sources;
  }

  @Override
  public Locator.Place find(String dataDir, String configFile) throws IOException {
    Map<ServerOption, String> given = new EnumMap<>(ServerOption.class);
    if (dataDir != null) {
      given.put(ServerOption.DATA_DIR, dataDir);
    }
    try {
      EffectiveConfig config = sources.load(ServerOption.entries(given), configFile);
      ConfigEntry entry = config.entry(ConfigKey.DATA_DIR);
      boolean memory = dataDir == null && Values.flag(config.entry(ConfigKey.MEMORY));
      return new Locator.Place(
          memory ? null : Path.of(Values.text(entry)), !memory && entry.source() != Source.DEFAULT);
    } catch (UsageException | IllegalArgumentException wrong) {
      throw new IOException(wrong.getMessage(), wrong);
    }
  }
}
