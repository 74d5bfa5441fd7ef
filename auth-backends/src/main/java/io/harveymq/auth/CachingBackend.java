package io.harveymq.auth;

import io.harveymq.broker.auth.AccessQuestion;
import io.harveymq.broker.auth.AuthBackend;
import io.harveymq.broker.auth.Authoriser;
import io.harveymq.broker.auth.Credentials;
import io.harveymq.broker.auth.Decision;
import io.harveymq.broker.auth.Identity;
import java.nio.charset.StandardCharsets;
import java.security.InvalidKeyException;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import java.util.function.Supplier;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Remembers for a while what other backends answered: RabbitMQ's rabbit_auth_backend_cache. Errors
 * are not remembered, refusals only on request, nor what the broker's own users and tokens are.
 * Passwords are not kept, but a keyed hash of them, whose key nobody knows and that is another one
 * after each start. Any thread.
 */
public final class CachingBackend implements AuthBackend {
  public static final String NAME = "rabbit_auth_backend_cache";

  /** RabbitMQ's auth_cache.cache_ttl in milliseconds. */
  public static final long DEFAULT_TTL = 15_000;

  private static final int MOST_ENTRIES = 10_000;
  private static final String HASH = "HmacSHA256";
  private static final int KEY_LENGTH = 32;

  /**
   * How long to remember what.
   *
   * @param ttlMillis how long
   * @param refusals whether to remember refusals, too
   * @param clock the time in milliseconds
   */
  public record Options(long ttlMillis, boolean refusals, LongSupplier clock) {}

  private record LoginKey(String operation, String user, String password, boolean loopback) {}

  private record DecisionKey(
      String user, List<String> tags, Authoriser authoriser, AccessQuestion question) {}

  private record Entry(Object answer, long until) {}

  private final AuthBackend authentication;
  private final AuthBackend authorisation;
  private final Options options;
  private final SecretKeySpec hashKey;
  private final Map<Object, Entry> entries = new LinkedHashMap<>();

  /** In front of one backend for logins and one for rights, which may be the same. */
  public CachingBackend(AuthBackend authentication, AuthBackend authorisation, Options options) {
    this.authentication = authentication;
    this.authorisation = authorisation;
    this.options = options;
    byte[] random = new byte[KEY_LENGTH];
    new SecureRandom().nextBytes(random);
    this.hashKey = new SecretKeySpec(random, HASH);
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public boolean separatesRights() {
    return true;
  }

  @Override
  public CompletionStage<Answer> authenticate(Credentials credentials) {
    return cached(
        key("authenticate", credentials),
        () -> authentication.authenticate(credentials),
        this::isToBeKept);
  }

  @Override
  public CompletionStage<Answer> authorise(Credentials credentials) {
    return cached(
            key("authorise", credentials),
            () -> authorisation.authorise(credentials),
            this::isToBeKept)
        .thenApply(
            answer ->
                answer.refusal() == null && isAskedElsewhere(answer.authoriser())
                    ? Answer.known(answer.user(), answer.tags(), new Rights(answer.authoriser()))
                    : answer);
  }

  private boolean isToBeKept(Answer answer) {
    return answer.refusal() == null ? isAskedElsewhere(answer.authoriser()) : options.refusals();
  }

  /** Who decides here and now is asked each time: a token may end, a user may be deleted. */
  private static boolean isAskedElsewhere(Authoriser authoriser) {
    return !authoriser.isInternal() && !authoriser.canExpire();
  }

  private LoginKey key(String operation, Credentials credentials) {
    String password = credentials.password() == null ? null : hash(credentials.password());
    return new LoginKey(operation, credentials.user(), password, credentials.isFromLoopback());
  }

  private String hash(String password) {
    try {
      Mac mac = Mac.getInstance(HASH);
      mac.init(hashKey);
      return HexFormat.of().formatHex(mac.doFinal(password.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException | InvalidKeyException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  /** Decides as somebody else did a while ago. */
  private final class Rights implements Authoriser {
    private final Authoriser asked;

    Rights(Authoriser asked) {
      this.asked = asked;
    }

    @Override
    public CompletionStage<Decision> decide(Identity who, AccessQuestion question) {
      return cached(
          new DecisionKey(who.name(), who.tags(), asked, question),
          () -> asked.decide(who, question),
          decision -> decision.isAllowed() || decision.error() == null && options.refusals());
    }
  }

  // ---- what is remembered

  @SuppressWarnings("unchecked")
  private <T> CompletionStage<T> cached(
      Object key, Supplier<CompletionStage<T>> ask, Predicate<T> keeps) {
    long now = options.clock().getAsLong();
    synchronized (entries) {
      Entry entry = entries.get(key);
      if (entry != null && now < entry.until) {
        return CompletableFuture.completedFuture((T) entry.answer);
      }
    }
    return ask.get()
        .thenApply(
            answer -> {
              if (keeps.test(answer)) {
                keep(key, answer);
              }
              return answer;
            });
  }

  private void keep(Object key, Object answer) {
    long now = options.clock().getAsLong();
    synchronized (entries) {
      entries.remove(key);
      // of one time to live, they end in the order in which they came
      var oldest = entries.values().iterator();
      while (oldest.hasNext()) {
        boolean isOver = oldest.next().until <= now;
        if (!isOver && entries.size() < MOST_ENTRIES) {
          break;
        }
        oldest.remove();
      }
      entries.put(key, new Entry(answer, now + options.ttlMillis()));
    }
  }

  /** How much is remembered, what is over included. */
  int size() {
    synchronized (entries) {
      return entries.size();
    }
  }
}
