package io.harveymq.broker.access;

import static org.assertj.core.api.Assertions.assertThat;

import io.harveymq.broker.Compatibility;
import io.harveymq.broker.Received;
import io.harveymq.broker.TestBroker;
import io.harveymq.broker.TestChannel;
import io.harveymq.broker.auth.Permission;
import io.harveymq.broker.auth.User;
import io.harveymq.codec.BasicMethod;
import io.harveymq.codec.ChannelMethod;
import io.harveymq.codec.ExchangeMethod;
import io.harveymq.codec.FieldTable;
import io.harveymq.codec.Method;
import io.harveymq.codec.QueueMethod;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Every operation with the rights that it needs, in RabbitMQ's order: with the first few of them
 * granted, the operation is refused for the next one.
 */
class PermissionTableTest {
  /** One right that is checked. */
  record Check(String right, String kind, String name) {
    String refusal() {
      return right + " access to " + shortRefusal().substring("access to ".length());
    }

    String shortRefusal() {
      return "access to " + kind + " '" + name + "' in vhost '/' refused for user 'u'";
    }
  }

  /** A method and the rights that it needs. */
  record Operation(String name, Method method, List<Check> checks) {
    @Override
    public String toString() {
      return name;
    }
  }

  private static Operation operation(String name, Method method, String... checks) {
    List<Check> all = new ArrayList<>();
    for (String check : checks) {
      String[] words = check.split(" ");
      all.add(new Check(words[0], words[1], words[2]));
    }
    return new Operation(name, method, all);
  }

  static Stream<Operation> operations() {
    FieldTable none = FieldTable.EMPTY;
    FieldTable dlx = FieldTable.builder().put("x-dead-letter-exchange", "d").build();
    FieldTable ae = FieldTable.builder().put("alternate-exchange", "a").build();
    return Stream.of(
        operation("declare a queue", declare("new", false, none), "configure queue new"),
        operation(
            "declare a queue with a DLX",
            declare("new", false, dlx),
            "configure queue new",
            "read queue new",
            "write exchange d"),
        operation("declare a queue again", declare("q", false, none), "configure queue q"),
        operation("declare a queue passively", declare("q", true, none)),
        operation("delete a queue", new QueueMethod.Delete("q", false, false, false), conf("q")),
        operation("delete no queue", new QueueMethod.Delete("no", false, false, false), conf("no")),
        operation("purge", new QueueMethod.Purge("q", false), "read queue q"),
        operation(
            "bind a queue",
            new QueueMethod.Bind("q", "x", "k", false, none),
            "write queue q",
            "read exchange x"),
        operation(
            "unbind a queue",
            new QueueMethod.Unbind("q", "x", "k", none),
            "write queue q",
            "read exchange x"),
        operation("declare an exchange", exchange("new", false, none), "configure exchange new"),
        operation(
            "declare an exchange with an alternate",
            exchange("new", false, ae),
            "configure exchange new",
            "read exchange new",
            "write exchange a"),
        operation("declare an exchange passively", exchange("x", true, none)),
        operation(
            "delete an exchange",
            new ExchangeMethod.Delete("x", false, false),
            "configure exchange x"),
        operation(
            "bind an exchange",
            new ExchangeMethod.Bind("y", "x", "k", false, none),
            "write exchange y",
            "read exchange x"),
        operation(
            "unbind an exchange",
            new ExchangeMethod.Unbind("y", "x", "k", false, none),
            "write exchange y",
            "read exchange x"),
        operation("get", new BasicMethod.Get("q", true), "read queue q"),
        operation(
            "consume",
            new BasicMethod.Consume("q", "c", false, true, false, false, none),
            "read queue q"));
  }

  private static String conf(String queue) {
    return "configure queue " + queue;
  }

  private static Method declare(String queue, boolean passive, FieldTable arguments) {
    return new QueueMethod.Declare(queue, passive, false, false, false, false, arguments);
  }

  private static Method exchange(String name, boolean passive, FieldTable arguments) {
    return new ExchangeMethod.Declare(
        name, "direct", passive, false, false, false, false, arguments);
  }

  private final TestBroker broker = TestBroker.start();

  @ParameterizedTest
  @MethodSource("operations")
  void anOperationNeedsItsRightsInOrder(Operation operation) {
    prepare();
    for (int granted = 0; granted < operation.checks.size(); granted++) {
      grant(operation.checks.subList(0, granted));
      assertThat(refusalOf(operation.method))
          .isEqualTo("ACCESS_REFUSED - " + operation.checks.get(granted).refusal());
    }
    grant(operation.checks);
    TestChannel channel = channel();
    channel.send(operation.method);
    Received answer = channel.next();
    assertThat(answer.method()).isNotInstanceOf(ChannelMethod.Close.class);
  }

  @Test
  void aPublishNeedsTheRightToWriteToTheExchange() {
    prepare();
    grant(List.of());
    assertThat(refusedPublish("x")).isEqualTo(refusal("write", "exchange", "x"));
    assertThat(refusedPublish("missing")).isEqualTo(refusal("write", "exchange", "missing"));
    assertThat(refusedPublish("")).isEqualTo(refusal("write", "exchange", "amq.default"));

    grant(List.of(new Check("write", "exchange", "amq.default")));
    channel().publish("", "q", "m").expectNothing();
    assertThat(broker.queue("q").readyCount()).isEqualTo(1);
  }

  @Test
  void before40TheRefusalDoesNotNameTheRight() {
    broker.like(Compatibility.V3_10);
    prepare();
    grant(List.of());
    assertThat(refusalOf(new BasicMethod.Get("q", true)))
        .isEqualTo("ACCESS_REFUSED - access to queue 'q' in vhost '/' refused for user 'u'");
  }

  @ParameterizedTest
  @ValueSource(strings = {"configure", "write", "read"})
  void from43OnAnyRightLetsOneAskWhetherSomethingIsThere(String right) {
    prepare();
    broker.like(Compatibility.V4_3);
    Method queue = declare("q", true, FieldTable.EMPTY);
    Method exchange =
        new ExchangeMethod.Declare(
            "x", "direct", true, false, false, false, false, FieldTable.EMPTY);
    grant(List.of());
    assertThat(refusalOf(queue)).isEqualTo(refusal("configure", "queue", "q"));
    assertThat(refusalOf(exchange)).isEqualTo(refusal("configure", "exchange", "x"));
    assertThat(refusalOf(declare("missing", true, FieldTable.EMPTY)))
        .isEqualTo(refusal("configure", "queue", "missing"));

    grant(List.of(new Check(right, "queue", "q"), new Check(right, "exchange", "x")));
    channel().call(queue, QueueMethod.DeclareOk.class);
    channel().call(exchange, ExchangeMethod.DeclareOk.class);
  }

  private static String refusal(String right, String kind, String name) {
    return "ACCESS_REFUSED - " + new Check(right, kind, name).refusal();
  }

  private void prepare() {
    broker.channel().declare("q").declareExchange("x", "direct").declareExchange("y", "direct");
    broker.change(editor -> editor.addUser(User.of("u", "p")));
  }

  private void grant(List<Check> checks) {
    Permission permission =
        new Permission(
            "u", "/", names(checks, "configure"), names(checks, "write"), names(checks, "read"));
    broker.change(editor -> editor.setPermission(permission));
  }

  private static String names(List<Check> checks, String right) {
    List<String> names =
        checks.stream().filter(check -> check.right.equals(right)).map(Check::name).toList();
    return names.isEmpty() ? "" : "^(" + String.join("|", names) + ")$";
  }

  private TestChannel channel() {
    return broker.accept().open("u", "p", "/").channel(1);
  }

  private String refusalOf(Method method) {
    return channel().send(method).expectClose(403).replyText();
  }

  private String refusedPublish(String exchange) {
    return channel().publish(exchange, "q", "m").expectClose(403).replyText();
  }
}
