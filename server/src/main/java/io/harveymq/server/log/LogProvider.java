package io.harveymq.server.log;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.ILoggerFactory;
import org.slf4j.IMarkerFactory;
import org.slf4j.Logger;
import org.slf4j.helpers.BasicMarkerFactory;
import org.slf4j.helpers.NOPMDCAdapter;
import org.slf4j.spi.MDCAdapter;
import org.slf4j.spi.SLF4JServiceProvider;

/** What slf4j finds as its provider: loggers that write to {@link Log}. Safe from any thread. */
public final class LogProvider implements SLF4JServiceProvider, ILoggerFactory {
  private static final Map<String, LineLogger> LOGGERS = new ConcurrentHashMap<>();

  private final IMarkerFactory markers = new BasicMarkerFactory();
  private final MDCAdapter context = new NOPMDCAdapter();

  /** All loggers look their level up again. */
  static void levelsChanged() {
    LOGGERS.values().forEach(LineLogger::levelChanged);
  }

  @Override
  public Logger getLogger(String name) {
    return LOGGERS.computeIfAbsent(name, LineLogger::new);
  }

  @Override
  public ILoggerFactory getLoggerFactory() {
    return this;
  }

  @Override
  public IMarkerFactory getMarkerFactory() {
    return markers;
  }

  @Override
  public MDCAdapter getMDCAdapter() {
    return context;
  }

  @Override
  public String getRequestedApiVersion() {
    return "2.0.99";
  }

  @Override
  public void initialize() {
    // there is nothing to prepare
  }
}
