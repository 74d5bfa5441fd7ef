package io.harveymq.broker.connection;

import io.harveymq.broker.auth.AccessQuestion;
import io.harveymq.broker.auth.Decision;
import io.harveymq.broker.auth.Identity;
import io.harveymq.broker.vhost.HomeLoop;
import io.harveymq.broker.vhost.Loop;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/**
 * What backends said that a user may do. What is allowed is remembered, as RabbitMQ's channels do,
 * for a minute at most and not beyond the end of a token; a refusal counts once. Owned by the home
 * loop.
 */
final class AskedAccess {
  /** RabbitMQ's channel_tick_interval, after which channels forget what is allowed. */
  static final long REMEMBERED_MILLIS = 60_000;

  private static final int MOST_REMEMBERED = 256;

  private final HomeLoop home;
  private final boolean forgets;
  private final Map<AccessQuestion, Decision> decisions = new LinkedHashMap<>();
  private final Map<AccessQuestion, CompletableFuture<Void>> asked = new HashMap<>();
  private Identity identity;
  private Loop.Timer forgetting;
  private int epoch;

  /**
   * @param forgets whether it lives long enough that it has to forget
   */
  AskedAccess(HomeLoop home, Identity identity, boolean forgets) {
    this.home = home;
    this.identity = identity;
    this.forgets = forgets;
  }

  Identity identity() {
    return identity;
  }

  /** Another number whenever what was allowed before may not be any more. */
  int epoch() {
    return epoch;
  }

  /**
   * Whether one of several things is allowed.
   *
   * @return the first that is, or else the first refusal
   * @throws AccessPending when that has to be asked; it is asked then
   */
  Decision decide(AccessQuestion... questions) {
    Decision decision = known(questions);
    if (decision != null) {
      return decision;
    }
    List<CompletableFuture<Void>> answers = new ArrayList<>(questions.length);
    for (AccessQuestion question : questions) {
      if (!decisions.containsKey(question)) {
        answers.add(ask(question));
      }
    }
    CompletableFuture<Void> all =
        CompletableFuture.allOf(answers.toArray(CompletableFuture<?>[]::new));
    if (all.isDone()) {
      decision = known(questions);
      if (decision != null) {
        return decision;
      }
    }
    throw new AccessPending(all, home);
  }

  /** Null when something is still to be asked. */
  private Decision known(AccessQuestion... questions) {
    Decision refusal = null;
    boolean allKnown = true;
    for (AccessQuestion question : questions) {
      Decision decision = decisions.get(question);
      if (decision == null) {
        allKnown = false;
      } else if (decision.isAllowed()) {
        forgetRefusals(questions);
        return decision;
      } else if (refusal == null) {
        refusal = decision;
      }
    }
    if (!allKnown) {
      return null;
    }
    forgetRefusals(questions);
    return refusal;
  }

  private void forgetRefusals(AccessQuestion... questions) {
    for (AccessQuestion question : questions) {
      Decision decision = decisions.get(question);
      if (decision != null && !decision.isAllowed()) {
        decisions.remove(question);
      }
    }
  }

  /** Completed, on the home loop, when the answer is known, or of no use any more. */
  private CompletableFuture<Void> ask(AccessQuestion question) {
    CompletableFuture<Void> before = asked.get(question);
    if (before != null) {
      return before;
    }
    CompletableFuture<Decision> answer = identity.may(question).toCompletableFuture();
    if (answer.isDone()) {
      remember(question, answer.join());
      return CompletableFuture.completedFuture(null);
    }
    CompletableFuture<Void> known = new CompletableFuture<>();
    asked.put(question, known);
    int askedIn = epoch;
    answer.thenAccept(
        decision -> home.execute(() -> answered(question, askedIn == epoch ? decision : null)));
    return known;
  }

  private void answered(AccessQuestion question, Decision decision) {
    CompletableFuture<Void> known = asked.remove(question);
    if (decision != null) {
      remember(question, decision);
    }
    if (known != null) {
      known.complete(null);
    }
  }

  private void remember(AccessQuestion question, Decision decision) {
    if (forgets && decisions.size() >= MOST_REMEMBERED) {
      decisions.remove(decisions.keySet().iterator().next());
    }
    decisions.put(question, decision);
    if (forgets && forgetting == null) {
      long left = identity.expiresAt() - home.timeOfDay();
      forgetting = home.schedule(this::forget, Math.max(1, Math.min(REMEMBERED_MILLIS, left)));
    }
  }

  /** Takes another identity of the same user, whose rights are to be asked anew. */
  void renewed(Identity renewed) {
    identity = renewed;
    forget();
  }

  /** Everything is asked again; answers on their way are of no use. */
  void forget() {
    epoch++;
    decisions.clear();
    end();
  }

  /** The connection ends. */
  void end() {
    if (forgetting != null) {
      forgetting.cancel();
      forgetting = null;
    }
  }
}
