package io.harveymq.broker.fault;

import io.harveymq.broker.fault.FaultKind.Part;
import io.harveymq.codec.ReplyCode;
import java.time.Duration;

/**
 * A fault as it is asked for: what happens, to whom, how often and for how long. Immutable; any
 * thread.
 *
 * @param exchange only what is published to it, empty for the default exchange; null for any
 * @param queue only what is routed to it, consumed or got from it; null for any
 * @param user only his connections; null for everybody
 * @param operation the command to strike at; null for any, or, of what closes connections, for
 *     those that are open now
 * @param count strikes after which it ends; 0 for no limit
 * @param every 1 to strike each time, n to strike each nth time
 * @param delayMillis by which confirms are late; 0 for until the fault ends
 * @param code what channels and connections are closed with; null for kinds that close nothing
 * @param forMillis after which it ends, of the broker's clock
 */
public record FaultRule(
    FaultKind kind,
    String exchange,
    String queue,
    String user,
    FaultOperation operation,
    long count,
    long every,
    long delayMillis,
    ReplyCode code,
    long forMillis) {
  /** How long a fault lasts unless it is said. */
  public static final Duration USUAL_TIME = Duration.ofMinutes(1);

  /** How long a fault may last, so that a forgotten one ends. */
  public static final Duration LONGEST_TIME = Duration.ofHours(1);

  /** A fault of this kind: for everybody, each time, for a minute, unless more is said. */
  public static Builder of(FaultKind kind) {
    return new Builder(kind);
  }

  /** Whether it happens once, at once, and is over then. */
  public boolean isNow() {
    return isNow(kind, operation);
  }

  private static boolean isNow(FaultKind kind, FaultOperation operation) {
    return (kind == FaultKind.CLOSE_CONNECTION || kind == FaultKind.CUT) && operation == null;
  }

  /** Whether it is about connections of this user. */
  public boolean isAbout(String who) {
    return user == null || user.equals(who);
  }

  /** Collects what is said of a fault. Used by one thread. */
  public static final class Builder {
    private static final long MOST = 1_000_000_000;

    private final FaultKind kind;
    private String exchange;
    private String queue;
    private String user;
    private FaultOperation operation;
    private Long count;
    private Long every;
    private Long delayMillis;
    private Long code;
    private long forMillis = USUAL_TIME.toMillis();

    private Builder(FaultKind kind) {
      this.kind = kind;
    }

    /** Only what is published to this exchange, which need not exist; empty for the default one. */
    public Builder exchange(String name) {
      exchange = name;
      return this;
    }

    /** Only what is routed to, consumed or got from this queue, which need not exist. */
    public Builder queue(String name) {
      queue = name;
      return this;
    }

    /** Only connections of this user. */
    public Builder user(String name) {
      user = name;
      return this;
    }

    /** Only at this command. */
    public Builder operation(FaultOperation command) {
      operation = command;
      return this;
    }

    /** Ends after so many strikes; unless said, what closes something ends after the first. */
    public Builder count(long strikes) {
      count = strikes;
      return this;
    }

    /** Strikes each nth time. */
    public Builder every(long nth) {
      every = nth;
      return this;
    }

    /** How late confirms are; unless said, they wait until the fault ends. */
    public Builder delay(Duration late) {
      delayMillis = late.toMillis();
      return this;
    }

    /** The reply code; unless said, 406 for channels and 320 for connections. */
    public Builder code(long replyCode) {
      code = replyCode;
      return this;
    }

    /** When it ends at the latest; unless said, after {@link #USUAL_TIME}. */
    public Builder lasting(Duration time) {
      forMillis = time.toMillis();
      return this;
    }

    /**
     * The fault.
     *
     * @throws IllegalArgumentException for what does not go together or is out of range, in a
     *     sentence with the names of the HTTP API
     */
    public FaultRule build() {
      refuse(Part.EXCHANGE, "exchange", exchange);
      refuse(Part.QUEUE, "queue", queue);
      refuse(Part.USER, "user", user);
      refuse(Part.OPERATION, "operation", operation);
      refuse(Part.COUNT, "count", count);
      refuse(Part.COUNT, "every", every);
      refuse(Part.DELAY, "delay_ms", delayMillis);
      refuse(Part.CODE, "code", code);
      range("count", count, 1, MOST);
      range("every", every, 1, MOST);
      range("delay_ms", delayMillis, 1, LONGEST_TIME.toMillis());
      range("for_ms", forMillis, 1, LONGEST_TIME.toMillis());
      if (operation != null && operation != FaultOperation.PUBLISH && exchange != null) {
        throw new IllegalArgumentException(operation + " has no exchange");
      }
      boolean once = kind.takes(Part.OPERATION) && !isNow(kind, operation);
      FaultRule rule =
          new FaultRule(
              kind,
              exchange,
              queue,
              user,
              operation,
              count == null ? (once ? 1 : 0) : count,
              every == null ? 1 : every,
              delayMillis == null ? 0 : delayMillis,
              replyCode(),
              forMillis);
      if (rule.isNow() && (exchange != null || queue != null || count != null || every != null)) {
        throw new IllegalArgumentException(
            kind + " with exchange, queue, count or every needs the operation that it waits for");
      }
      return rule;
    }

    private void refuse(Part part, String name, Object said) {
      if (said != null && !kind.takes(part)) {
        throw new IllegalArgumentException(kind + " has no " + name);
      }
    }

    private static void range(String name, Long said, long least, long most) {
      if (said != null && (said < least || said > most)) {
        throw new IllegalArgumentException(name + " has to be from " + least + " to " + most);
      }
    }

    private ReplyCode replyCode() {
      if (!kind.takes(Part.CODE)) {
        return null;
      }
      boolean hard = kind == FaultKind.CLOSE_CONNECTION;
      if (code == null) {
        return hard ? ReplyCode.CONNECTION_FORCED : ReplyCode.PRECONDITION_FAILED;
      }
      for (ReplyCode one : ReplyCode.values()) {
        if (one.code() == code && one != ReplyCode.REPLY_SUCCESS && one.isHard() == hard) {
          return one;
        }
      }
      throw new IllegalArgumentException(
          hard
              ? code + " does not close a connection in AMQP; 320, 501 to 506, 530, 540, 541 do"
              : code + " does not close a channel in AMQP; 311 to 313 and 403 to 406 do");
    }
  }
}
