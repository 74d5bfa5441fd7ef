package io.harveymq.fuzz;

import java.util.concurrent.ConcurrentLinkedQueue;
import org.slf4j.ILoggerFactory;
import org.slf4j.IMarkerFactory;
import org.slf4j.Logger;
import org.slf4j.Marker;
import org.slf4j.event.Level;
import org.slf4j.helpers.BasicMarkerFactory;
import org.slf4j.helpers.LegacyAbstractLogger;
import org.slf4j.helpers.MessageFormatter;
import org.slf4j.helpers.NOPMDCAdapter;
import org.slf4j.spi.MDCAdapter;
import org.slf4j.spi.SLF4JServiceProvider;

/**
 * A log that writes nothing and remembers errors: what the broker logs as one is a fault of its
 * own, whatever clients do. Any thread.
 */
public final class FaultLog implements SLF4JServiceProvider, ILoggerFactory {
  private static final ConcurrentLinkedQueue<AssertionError> FAULTS = new ConcurrentLinkedQueue<>();

  private final IMarkerFactory markers = new BasicMarkerFactory();

  /**
   * Forgets what was remembered, and
   *
   * @throws AssertionError for the first error that was
   */
  public static void check() {
    AssertionError fault = FAULTS.poll();
    FAULTS.clear();
    if (fault != null) {
      throw fault;
    }
  }

  @Override
  public Logger getLogger(String name) {
    return new Ears(name);
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
    return new NOPMDCAdapter();
  }

  @Override
  public String getRequestedApiVersion() {
    return "2.0.99";
  }

  @Override
  public void initialize() {
    // there is nothing to prepare
  }

  private static final class Ears extends LegacyAbstractLogger {
    private static final long serialVersionUID = 1L;

    Ears(String name) {
      this.name = name;
    }

    @Override
    public boolean isTraceEnabled() {
      return false;
    }

    @Override
    public boolean isDebugEnabled() {
      return false;
    }

    @Override
    public boolean isInfoEnabled() {
      return true;
    }

    @Override
    public boolean isWarnEnabled() {
      return true;
    }

    @Override
    public boolean isErrorEnabled() {
      return true;
    }

    @Override
    protected String getFullyQualifiedCallerName() {
      return null;
    }

    /** Texts are made at all levels, because to make them may fail, too. */
    @Override
    protected void handleNormalizedLoggingCall(
        Level level, Marker marker, String pattern, Object[] arguments, Throwable cause) {
      String text = MessageFormatter.basicArrayFormat(pattern, arguments);
      if (level == Level.ERROR) {
        FAULTS.add(new AssertionError(name + ": " + text, cause));
      }
    }
  }
}
