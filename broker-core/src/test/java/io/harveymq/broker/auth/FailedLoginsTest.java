package io.harveymq.broker.auth;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class FailedLoginsTest {
  private static final String HERE = "192.0.2.1";
  private static final String THERE = "198.51.100.7";

  private record Timer(long due, Runnable task) {}

  private long now = 1_000_000;
  private final List<Timer> timers = new ArrayList<>();
  private final AtomicInteger checks = new AtomicInteger();
  private final FailedLogins logins = new FailedLogins(() -> now, this::later);

  private void later(Runnable task, long afterMillis) {
    timers.add(new Timer(now + afterMillis, task));
  }

  private void advance(long millis) {
    long end = now + millis;
    for (Timer next = first(end); next != null; next = first(end)) {
      timers.remove(next);
      now = next.due;
      next.task.run();
    }
    now = end;
  }

  private Timer first(long end) {
    return timers.stream()
        .filter(timer -> timer.due <= end)
        .min(Comparator.comparingLong(Timer::due))
        .orElse(null);
  }

  private CompletableFuture<LoginAnswer> login(String address, String user, boolean isRight) {
    return logins
        .login(new Credentials(user, "p", address, false), () -> check(user, isRight))
        .toCompletableFuture();
  }

  private CompletionStage<LoginAnswer> check(String user, boolean isRight) {
    checks.incrementAndGet();
    return CompletableFuture.completedFuture(
        isRight
            ? LoginAnswer.accepted(new Identity(user, List.of(), List.of()))
            : LoginAnswer.refused("wrong"));
  }

  private void fail(int times, String address, String user) {
    for (int i = 0; i < times; i++) {
      login(address, user, false);
    }
  }

  @Test
  void twentyFailuresCostNothing() {
    for (int i = 0; i < 20; i++) {
      assertThat(login(HERE, "user" + i, false)).isDone();
    }
    assertThat(timers).isEmpty();
  }

  @Test
  void fromAnAddressWithMoreFailuresNothingIsLookedAtForAWhileWhoeverItIs() {
    fail(20, HERE, "a");
    checks.set(0);
    CompletableFuture<LoginAnswer> right = login(HERE, "b", true);
    assertThat(right).isNotDone();
    assertThat(checks).hasValue(0);
    advance(249);
    assertThat(checks).hasValue(0);
    advance(1);
    assertThat(right).isCompletedWithValueMatching(LoginAnswer::isAccepted);
  }

  @Test
  void aRightPasswordFromElsewhereNeverWaits() {
    for (int i = 0; i < 500; i++) {
      fail(1, "10.0." + i / 250 + "." + i % 250, "victim");
    }
    fail(50, HERE, "victim");
    assertThat(login(THERE, "victim", true)).isCompletedWithValueMatching(LoginAnswer::isAccepted);
  }

  @Test
  void refusalsOfAUserAreToldLaterWhereverTheyComeFrom() {
    for (int i = 0; i < 20; i++) {
      fail(1, "10.0.0." + i, "victim");
    }
    checks.set(0);
    CompletableFuture<LoginAnswer> wrong = login(THERE, "victim", false);
    assertThat(checks).hasValue(1);
    assertThat(wrong).isNotDone();
    advance(250);
    assertThat(wrong).isCompletedWithValueMatching(answer -> !answer.isAccepted());
    assertThat(login(THERE, "other", false)).isDone();
  }

  @Test
  void nobodyWaitsLongerThanFiveSeconds() {
    for (int round = 0; round < 30; round++) {
      fail(60, HERE, "a");
      advance(5_000);
    }
    CompletableFuture<LoginAnswer> right = login(HERE, "a", true);
    advance(5_000);
    assertThat(right).isDone();
  }

  @Test
  void oneFailureASecondIsForgotten() {
    fail(20, HERE, "a");
    advance(1_000);
    assertThat(login(HERE, "a", true)).isDone();
    assertThat(login(HERE, "a", false)).isDone();
    assertThat(login(HERE, "a", true)).isNotDone();
    advance(30_000);
    for (int i = 0; i < 20; i++) {
      assertThat(login(HERE, "a", false)).isDone();
    }
  }

  @Test
  void whatIsMoreThanAHundredAtATimeIsRefusedWithoutALook() {
    fail(20, HERE, "a");
    checks.set(0);
    List<CompletableFuture<LoginAnswer>> waiting = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      waiting.add(login(HERE, "a", true));
    }
    assertThat(waiting).noneMatch(CompletableFuture::isDone);
    assertThat(login(HERE, "a", true))
        .isCompletedWithValueMatching(answer -> answer.refusal().contains("too many failed"));
    assertThat(login(THERE, "a", true)).isDone();
    assertThat(checks).hasValue(1);
    advance(5_000);
    assertThat(waiting).allMatch(CompletableFuture::isDone);
    assertThat(login(HERE, "a", true).isDone() || !timers.isEmpty()).isTrue();
  }

  @Test
  void aNetworkOfIpv6IsOneSource() {
    for (int i = 0; i < 20; i++) {
      fail(1, "2001:db8:1:2:" + i + "::" + i, "user" + i);
    }
    assertThat(login("2001:db8:1:2:ffff::1%eth0", "a", true)).isNotDone();
    assertThat(login("2001:db8:1:3::1", "a", true)).isDone();
  }

  @Test
  void whatIsRememberedIsBounded() {
    for (int i = 0; i < 25_000; i++) {
      fail(1, "10." + (i >> 16) + "." + (i >> 8 & 255) + "." + (i & 255), "user" + i);
    }
    assertThat(logins.kept()).isEqualTo(20_000);
    int before = logins.kept();
    for (int i = 0; i < 100; i++) {
      fail(1, HERE, "x".repeat(256 + i));
    }
    assertThat(logins.kept()).isEqualTo(before);
  }
}
