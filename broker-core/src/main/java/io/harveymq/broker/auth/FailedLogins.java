package io.harveymq.broker.auth;

import io.harveymq.broker.LogText;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Slows down who guesses passwords. Failures are counted by source address and by user name, and
 * forgotten one a second. From an address with many of them, each login waits before it is looked
 * at; of a user with many of them, from wherever, only refusals are told late, so that nobody can
 * keep others from logging in. No thread waits. Safe from any thread.
 */
public final class FailedLogins {
  /** Failures that cost nothing. */
  static final int FREE = 20;

  /** After how many milliseconds one failure is forgotten. */
  static final long FORGOTTEN_AFTER = 1_000;

  /** Milliseconds by which each failure beyond the free ones makes it slower. */
  static final long STEP = 250;

  /** The longest wait in milliseconds; a handshake may take twice as long. */
  static final long LONGEST = 5_000;

  /** Logins of one address that wait; what comes besides is refused without a look. */
  static final int MOST_WAITING = 100;

  /** Addresses, and names, that are remembered; the least recently used are forgotten first. */
  static final int MOST_KEPT = 10_000;

  /** No user has a longer name; longer ones are counted together. */
  private static final int LONGEST_NAME = 255;

  /** IPv6 gives this much of an address to a network, in which a client chooses the rest. */
  private static final int NETWORK_BYTES = 8;

  private static final Logger LOG = LoggerFactory.getLogger(FailedLogins.class);

  /** Runs something later, on whatever thread. */
  public interface Later {
    void run(Runnable task, long afterMillis);
  }

  /** Failures of an address or a name, as of some time. */
  private static final class Count {
    private double failures;
    private long at;
    private int waiting;
  }

  private final LongSupplier millis;
  private final Later later;
  private final Map<String, Count> byAddress = leastRecentlyUsed();
  private final Map<String, Count> byUser = leastRecentlyUsed();

  /**
   * @param millis the broker's time
   */
  public FailedLogins(LongSupplier millis, Later later) {
    this.millis = millis;
    this.later = later;
  }

  private static Map<String, Count> leastRecentlyUsed() {
    return new LinkedHashMap<>(16, 0.75f, true) {
      private static final long serialVersionUID = 1L;

      @Override
      protected boolean removeEldestEntry(Map.Entry<String, Count> eldest) {
        return size() > MOST_KEPT;
      }
    };
  }

  /**
   * Has a login checked, now or when its address may.
   *
   * @param check started once, or never when too many wait
   * @return completed already unless something has to wait
   */
  public CompletionStage<LoginAnswer> login(
      Credentials credentials, Supplier<CompletionStage<LoginAnswer>> check) {
    Count source;
    long wait;
    synchronized (this) {
      source = count(byAddress, network(credentials.address()));
      wait = wait(source);
      if (wait > 0 && source.waiting >= MOST_WAITING) {
        return CompletableFuture.completedFuture(
            LoginAnswer.refused(
                "user '" + credentials.user() + "' - too many failed logins from there"));
      }
      source.waiting += wait > 0 ? 1 : 0;
    }
    if (wait == 0) {
      return checked(credentials, check);
    }
    return after(wait)
        .thenCompose(
            over -> {
              synchronized (this) {
                source.waiting--;
              }
              return checked(credentials, check);
            });
  }

  private CompletionStage<LoginAnswer> checked(
      Credentials credentials, Supplier<CompletionStage<LoginAnswer>> check) {
    return check
        .get()
        .thenCompose(
            answer -> {
              long wait = answer.isAccepted() ? 0 : failed(credentials);
              return wait == 0
                  ? CompletableFuture.completedFuture(answer)
                  : after(wait).thenApply(over -> answer);
            });
  }

  private CompletableFuture<Void> after(long wait) {
    CompletableFuture<Void> over = new CompletableFuture<>();
    try {
      later.run(() -> over.complete(null), wait);
    } catch (RejectedExecutionException ended) {
      over.complete(null);
    }
    return over;
  }

  /** Counts a failure, and says how long its refusal has to wait. */
  private synchronized long failed(Credentials credentials) {
    String network = network(credentials.address());
    Count source = count(byAddress, network);
    source.failures++;
    if (source.failures >= FREE && source.failures < FREE + 1) {
      LOG.warn("logins from {} are slowed down: {} failed", network, FREE);
    }
    String name = credentials.user();
    Count user = count(byUser, name.length() > LONGEST_NAME ? "" : name);
    long wait = wait(user);
    user.failures++;
    if (user.failures >= FREE && user.failures < FREE + 1) {
      LOG.warn(
          "refusals of logins of user '{}' are slowed down: {} failed", LogText.of(name), FREE);
    }
    return wait;
  }

  /** What is counted, without what is forgotten since it was looked at. */
  private Count count(Map<String, Count> counts, String key) {
    Count count = counts.computeIfAbsent(key, unknown -> new Count());
    long now = millis.getAsLong();
    long passed = Math.max(0, now - count.at);
    count.failures = Math.max(0, count.failures - (double) passed / FORGOTTEN_AFTER);
    count.at = now;
    return count;
  }

  private static long wait(Count count) {
    double beyond = count.failures - (FREE - 1);
    return beyond <= 0 ? 0 : Math.min(LONGEST, (long) Math.ceil(beyond * STEP));
  }

  /** How many names and addresses are remembered. */
  synchronized int kept() {
    return byAddress.size() + byUser.size();
  }

  /** Who may be the same client: an address of IPv4, or a network of IPv6. */
  private static String network(String address) {
    if (address.indexOf(':') < 0) {
      return address;
    }
    try {
      InetAddress parsed = InetAddress.getByName(address);
      return parsed instanceof Inet6Address
          ? HexFormat.ofDelimiter(":").formatHex(Arrays.copyOf(parsed.getAddress(), NETWORK_BYTES))
          : parsed.getHostAddress();
    } catch (UnknownHostException malformed) {
      return address;
    }
  }
}
