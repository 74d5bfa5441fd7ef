package io.harveymq.compat;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.harveymq.compat.Rabbitmqadmins.Outcome;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Harvey's rabbitmqadmin beside RabbitMQ's own: both run the same command lines against an HTTP
 * server with answers that brokers seldom give, and have to ask the same of it, print the same and
 * end with the same status.
 */
@Tag("clients")
@Timeout(120)
class RabbitmqadminRequestsTest {
  private static final Pattern STATUS = Pattern.compile("/status/(\\d+)/.*");
  private static final String ITEMS =
      """
      [{"name":"größe 😀","vhost":"/","type":"direct","durable":true,"none_at_all":{},
        "rate":0.1,"small":0.00001,"large":1e16,"whole":5.0,"long":12345678901234567890,
        "negative":-2.5e-7,"nodes":["a","b"],"mixed":["a",1,null,true,{"k":[1.0,"ä\\u007f"]}],
        "empty":[],"definition":{"max-length":5,"a\\"b":"ü\\n"},"messages":7,"mem_used":3,
        "message_stats":{"publish":3,"publish_details":{"rate":0.2,"deeper":{"x":1}}},
        "source":"s","destination":"d","destination_type":"queue","routing_key":"k","value":4,
        "user":"u","channels":2},
       {"name":"second","vhost":"v","Upper":"case","durable":false,"arguments":{"x":"y"},
        "messages":123456,"value":{"max-queues":5,"deep":{"er":[]}}}]
      """;
  private static final String MESSAGES =
      """
      [{"payload_bytes":4,"redelivered":false,"exchange":"","routing_key":"q","message_count":0,
        "properties":{"delivery_mode":2,"headers":{"h":"v"}},"payload":"höl","payload_encoding":"string"}]
      """;

  /** What the server is asked. */
  private record Request(String method, String path, String login, String type, JsonNode body) {}

  @TempDir private Path home;

  private final BlockingQueue<Request> requests = new LinkedBlockingQueue<>();
  private HttpServer server;
  private Rabbitmqadmins tools;

  @BeforeEach
  void start() throws IOException {
    tools = new Rabbitmqadmins(home);
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::answer);
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  private void answer(HttpExchange exchange) throws IOException {
    String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
    String path = exchange.getRequestURI().toString();
    requests.add(
        new Request(
            exchange.getRequestMethod(),
            path,
            exchange.getRequestHeaders().getFirst("Authorization"),
            exchange.getRequestHeaders().getFirst("Content-Type"),
            body.isEmpty() ? null : HttpAnswer.parse(body)));
    Matcher status = STATUS.matcher(path);
    boolean fails = status.matches();
    byte[] answer =
        (fails ? "{\"error\":\"bad\",\"reason\":\"why it failed\"}" : document(path))
            .getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(fails ? Integer.parseInt(status.group(1)) : 200, answer.length);
    exchange.getResponseBody().write(answer);
    exchange.close();
  }

  private static String document(String path) {
    if (path.endsWith("/publish")) {
      return "{\"routed\":" + !path.contains("nowhere") + "}";
    }
    if (path.endsWith("/get")) {
      return path.contains("empty") ? "[]" : MESSAGES;
    }
    if (path.contains("/overview")) {
      return ITEMS.substring(ITEMS.indexOf('[') + 1, ITEMS.indexOf(",\n {"));
    }
    return path.contains("/users") ? "[]" : ITEMS;
  }

  private List<Request> asked() {
    List<Request> asked = new ArrayList<>();
    requests.drainTo(asked);
    return asked;
  }

  /** Runs both, and returns what they agree on. */
  private Outcome same(String... words) throws Exception {
    List<String> all = new ArrayList<>(List.of("--port=" + server.getAddress().getPort()));
    all.addAll(List.of(words));
    return sameAs(all);
  }

  private Outcome sameAs(List<String> words) throws Exception {
    Outcome theirs = tools.theirs(words);
    List<Request> theirRequests = asked();
    Outcome ours = tools.ours(words);
    assertThat(theirs.hasTraceback() ? ours.withoutErrors() : ours)
        .isEqualTo(theirs.hasTraceback() ? theirs.withoutErrors() : theirs);
    assertThat(asked()).as("requests").isEqualTo(theirRequests);
    assertThat(ours.err().isEmpty()).as(ours.err()).isEqualTo(theirs.err().isEmpty());
    return ours;
  }

  @ParameterizedTest
  @MethodSource("io.harveymq.compat.Rabbitmqadmins#kinds")
  @ValueSource(strings = "nosuch")
  void listsOfAllKinds(String kind) throws Exception {
    same("list", kind);
    same("-f", "kvp", "-d", "3", "-V", "/", "list", kind);
  }

  @ParameterizedTest
  @ValueSource(strings = {"raw_json", "pretty_json", "tsv", "long", "table", "kvp", "bash"})
  void listsInAllFormats(String format) throws Exception {
    same("-f", format, "list", "queues");
    same("-f", format, "-q", "list", "queues", "name", "rate", "small", "large", "whole", "long");
    same("-f", format, "--depth=1", "list", "policies");
    same("-f", format, "--depth=9", "list", "policies");
    same("-f", format, "list", "queues", "message_stats.publish_details.deeper.x", "negative");
    same("-f", format, "list", "users");
    same("-f", format, "-q", "list", "users");
    same("-f", format, "show", "overview");
    same("-f", format, "-d2", "show", "overview");
    same("-f", format, "show", "overview", "name", "nosuch");
    same("-f", format, "get", "queue=q");
    same("-f", format, "-d", "5", "get", "queue=q", "count=3");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "-S name -R list queues",
        "--sort=messages list queues name",
        "--sort-r list queues",
        "-qRS name list queues",
        "-Vmine list queues",
        "--vhost= list queues",
        "-u alice -p s:cret list queues",
        "--user=alice --pass=x list queues",
        "list queues -q -fkvp",
        "-q -- list queues -q",
        "-U http://bob:pw@localhost list queues name",
        "list",
        "list queues name -z",
        "--nosuch list queues",
        "--s list queues",
        "--quiet=1 list queues",
        "-t abc list queues",
        "-t",
        "--host",
        "-f",
        "",
        "unknown",
        "help nosuch",
        "help a b",
        "export",
        "import a b",
        "-c /nosuch/file list queues",
        "declare",
        "declare nosuch",
        "delete parameter",
        "close channel name=x",
        "purge exchange name=x"
      })
  void optionsAndWhatIsWrongWithThem(String line) throws Exception {
    same(line.isEmpty() ? new String[0] : line.split(" "));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "exchange|name=x|type=direct",
        "exchange|name=x y/%|type=fanout|auto_delete=true|durable=false|internal=true",
        "exchange|name=x|type=topic|arguments={\"alternate-exchange\":\"y\"}",
        "exchange|name=x",
        "exchange|name=x|type=direct|colour=red",
        "exchange|name=x|type=direct|arguments={",
        "exchange|name=x|type=direct|arguments=",
        "exchange|name|type=direct",
        "exchange|name=|type=direct",
        "queue|name=q|queue_type=quorum",
        "queue|name=q=r|queue_type=stream|arguments={\"x-max-age\":\"1D\"}",
        "queue|name=größe|durable=false|node=rabbit@x",
        "queue|-V|a/b|name=~*'()",
        "binding|source=x|destination=q",
        "binding|source=x|destination=y|destination_type=exchange|routing_key=k|arguments={\"a\":1.5}",
        "binding|source=x",
        "vhost|name=v",
        "vhost|name=v|tracing=true",
        "user|name=u|password=p|tags=",
        "user|name=u|password_hash=aGFzaA==|tags=a,b|hashing_algorithm=h",
        "user|name=u|tags=",
        "permission|vhost=v|user=u|configure=.*|write=|read=^a$",
        "permission|-V|v|user=u|configure=.*|write=|read=",
        "parameter|component=c|name=n|value=5",
        "parameter|component=c|name=n|value=\"text\"",
        "parameter|component=c|name=n|value=null",
        "parameter|component=c|name=n|value=text",
        "policy|name=p|pattern=^a|definition={\"max-length\":5}",
        "policy|--vhost=v|name=p|pattern=^a|definition={}|priority=7|apply-to=queues",
        "policy|name=p|pattern=^a|definition={}|apply_to=queues",
        "operator_policy|name=p|pattern=^a|definition={\"expires\":1e3}|priority=2",
        "vhost_limit|vhost=v|name=max-queues|value=5"
      })
  void declarations(String words) throws Exception {
    same(("declare|" + words).split("\\|"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "delete exchange name=x",
        "delete queue name=q -V v",
        "delete binding source=x destination_type=queue destination=q",
        "delete binding source=x destination_type=exchange destination=y properties_key=k~1",
        "delete vhost name=v",
        "delete user name=u",
        "delete permission vhost=v user=u",
        "delete parameter component=c name=n",
        "delete policy name=p",
        "delete operator_policy name=p",
        "delete vhost_limit vhost=v name=max-queues",
        "delete vhost_limit vhost=v",
        "close connection name=127.0.0.1:1->127.0.0.1:2",
        "purge queue name=q",
        "-q purge queue name=q"
      })
  void removals(String line) throws Exception {
    same(line.split(" "));
  }

  @Test
  void messages() throws Exception {
    tools.input("from standard input, größer\n");
    same("publish", "routing_key=k");
    same("publish", "routing_key=", "payload=", "exchange=x");
    same("publish", "routing_key=k", "exchange=nowhere", "payload=aGk=", "payload_encoding=base64");
    same("publish", "routing_key=k", "payload=p", "properties={\"headers\":{\"a\":1}}");
    same("publish", "routing_key=k", "properties={}}");
    same("publish", "payload=p");
    same("get", "queue=q", "ackmode=reject_requeue_false", "encoding=base64");
    same("get", "queue=empty");
    same("get", "count=1");
    Path file = home.resolve("payload");
    same("get", "queue=q", "payload_file=" + file);
    assertThat(file).hasContent("höl");
    same("get", "queue=q", "payload_file=" + file, "count=2");
    assertThat(same("get", "queue=empty", "payload_file=" + file).status()).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(ints = {400, 401, 403, 404, 405, 409, 500, 503})
  void refusals(int status) throws Exception {
    String prefix = "--path-prefix=/status/" + status;
    assertThat(same(prefix, "list", "queues").status()).isEqualTo(1);
    assertThat(same(prefix, "declare", "queue", "name=a b").status()).isEqualTo(1);
    assertThat(same(prefix, "publish", "routing_key=k", "payload=p").status()).isEqualTo(1);
  }

  @Test
  void aChangeThatIsSentElsewhereIsNotDone() {
    String port = Integer.toString(server.getAddress().getPort());
    Outcome moved =
        tools.ours(
            List.of(
                "-P", port, "--path-prefix=/status/301", "publish", "routing_key=k", "payload="));
    assertThat(moved.status()).isEqualTo(1);
    assertThat(moved.err()).startsWith("*** Received response 301 Moved Permanently for path ");
    assertThat(asked()).hasSize(1);
  }

  @ParameterizedTest
  @CsvSource({"default", "other", "nosuch"})
  void settingsOfAFile(String node) throws Exception {
    String settings =
        """
        # several brokers
        [default]
        port = %1$d
        username: alice
        Password = with %%%% and = and # too
        declare_vhost = mine

        [other]
        port=%1$d
        vhost = theirs
        ; as a script wants it
        format = tsv
        verbose = False
        sort_reverse = True
        depth = 2
        """
            .formatted(server.getAddress().getPort());
    Path file = Files.writeString(home.resolve("settings"), settings);
    for (List<String> line :
        List.of(
            List.of("list", "queues"),
            List.of("-Vx", "list", "queues"),
            List.of("declare", "queue", "name=q"),
            List.of("-f", "kvp", "-u", "bob", "list", "policies"))) {
      List<String> words = new ArrayList<>(List.of("-c", file.toString(), "-N", node));
      words.addAll(line);
      if (node.equals("nosuch")) {
        assertThat(tools.ours(words).withoutErrors())
            .isEqualTo(tools.theirs(words).withoutErrors());
        assertThat(tools.ours(words).err()).contains("Could not read section 'nosuch'");
      } else {
        assertThat(sameAs(words).status()).isZero();
      }
    }
    if (node.equals("default")) {
      Files.move(file, home.resolve(".rabbitmqadmin.conf"));
      assertThat(sameAs(List.of("list", "queues")).status()).isZero();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ssl = False",
        "ssl =",
        "verbose =",
        "verbose = no",
        "sort_reverse = on",
        "nosuch = 1",
        "password = %(nosuch)s",
        "no key and no value"
      })
  void settingsOfOneSectionOnly(String setting) throws Exception {
    String login = "port = %d\nusername = alice\n".formatted(server.getAddress().getPort());
    for (String text :
        List.of(
            "[default]\n" + login + "[other]\n" + setting + "\n",
            "[default]\n" + login + setting + "\n",
            "[DEFAULT]\n" + setting + "\n[default]\n" + login,
            "[DEFAULT]\nssl = %(nosuch)s\n[default]\n" + login + "ssl = False\n")) {
      Path file = Files.writeString(home.resolve("settings"), text);
      List<String> words = List.of("-c", file.toString(), "declare", "queue", "name=q");
      Outcome ours = tools.ours(words);
      List<Request> ourRequests = asked();
      assertThat(ours.withoutErrors()).as(text).isEqualTo(tools.theirs(words).withoutErrors());
      assertThat(ourRequests).as(text).isEqualTo(asked());
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://bob:p^w|x@127.0.0.1:%d",
        "http://bob:p@ss:w%%41\"<>@LOCALHOST:%d?a#b",
        "//bob@127.1:%d",
        "http://:%d/",
        "http://@localhost:%d",
        "http://localhost:nosuch%d",
        "http://localhost:%d99999",
        "http://[localhost:%d"
      })
  void baseUris(String format) throws Exception {
    List<String> words =
        List.of("-U", format.formatted(server.getAddress().getPort()), "list", "queues");
    sameAs(words);
  }

  @Test
  void aHostMayHaveAnUnderscore() throws Exception {
    List<String> words = List.of("-U", "http://my_rabbit.invalid:15672", "list", "queues");
    Outcome ours = tools.ours(words);
    assertThat(ours.err())
        .isEqualTo("*** Could not connect: the host my_rabbit.invalid is not known\n\n");
    assertThat(ours.withoutErrors()).isEqualTo(tools.theirs(words).withoutErrors());
  }

  @Test
  void anAnswerWithoutReasonPhrase() throws Exception {
    try (ServerSocket bare = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
      Thread answers = new Thread(() -> refuse(bare), "bare answers");
      answers.start();
      List<String> words = List.of("-P", "" + bare.getLocalPort(), "list", "queues");
      String told = "Received response 503  for path /api/queues";
      assertThat(tools.ours(words).err()).contains(told);
      assertThat(tools.theirs(words).err()).contains(told);
      answers.join();
    }
  }

  private static void refuse(ServerSocket bare) {
    for (int i = 0; i < 2; i++) {
      try (Socket socket = bare.accept()) {
        BufferedReader in =
            new BufferedReader(
                new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
        String line = in.readLine();
        while (line != null && !line.isEmpty()) {
          line = in.readLine();
        }
        String answer = "HTTP/1.1 503\r\nContent-Length: 4\r\nConnection: close\r\n\r\nbusy";
        socket.getOutputStream().write(answer.getBytes(StandardCharsets.US_ASCII));
      } catch (IOException closed) {
        return;
      }
    }
  }

  @Test
  void nobodyListens() throws Exception {
    server.stop(0);
    Outcome ours =
        tools.ours(List.of("-P", "" + server.getAddress().getPort(), "declare", "vhost", "name=v"));
    assertThat(ours.status()).isEqualTo(1);
    assertThat(ours.err()).isEqualTo("*** Could not connect: Connection refused\n\n");
  }

  @Test
  void helpNamesAllThatThereIs() throws Exception {
    List<String> theirs = tools.theirs(List.of("help", "subcommands")).out().lines().toList();
    List<String> ours = tools.ours(List.of("help", "subcommands")).out().lines().toList();
    assertThat(ours)
        .containsAll(
            theirs.stream().filter(line -> line.matches("  [a-z]+ .*[=>\\]]+.*")).toList());
    Pattern option = Pattern.compile("(?m)^(--[a-z-]+)");
    List<String> options =
        option
            .matcher(tools.theirs(List.of("--help")).out())
            .results()
            .map(r -> r.group())
            .toList();
    assertThat(tools.ours(List.of("-h", "--nosuch")).out()).contains(options);
    assertThat(options).hasSize(24);
    assertThat(tools.ours(List.of("help")).out()).isEqualTo(tools.ours(List.of("--help")).out());
  }

  @Test
  void whatIsLeftOutIsRefused() throws Exception {
    Outcome format = tools.ours(List.of("-f", "nosuch", "list", "queues"));
    assertThat(format.status()).isEqualTo(1);
    assertThat(format.err()).contains("ERROR: Format nosuch not recognised");
    Outcome completion = tools.ours(List.of("--bash-completion"));
    assertThat(completion.status()).isEqualTo(1);
    assertThat(completion.err()).contains("--bash-completion is not supported");
    Path file = Files.writeString(home.resolve("settings"), "[default]\nusername = %(name)s\n");
    Outcome together = tools.ours(List.of("-c", file.toString(), "list", "queues"));
    assertThat(together.status()).isEqualTo(1);
    assertThat(together.err()).contains("line 2: values cannot be put together with %(...)");
  }
}
