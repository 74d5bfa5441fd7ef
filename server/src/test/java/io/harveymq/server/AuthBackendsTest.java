package io.harveymq.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import com.sun.net.httpserver.HttpServer;
import io.harveymq.broker.Broker;
import io.harveymq.management.Management;
import io.harveymq.management.ManagementOptions;
import io.harveymq.server.config.ConfigSources;
import io.harveymq.server.config.UsageException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Authentication backends from the configuration file to AMQP clients and the HTTP API. */
class AuthBackendsTest {
  @TempDir private Path directory;
  private HttpServer service;
  private final CountDownLatch slow = new CountDownLatch(1);

  @BeforeEach
  void start() throws Exception {
    service = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    service.setExecutor(Executors.newCachedThreadPool());
    service.createContext(
        "/",
        exchange -> {
          String question = exchange.getRequestURI().toString();
          if (question.contains("slow")) {
            try {
              slow.await(10, TimeUnit.SECONDS);
            } catch (InterruptedException end) {
              Thread.currentThread().interrupt();
            }
          }
          String text = question.contains("bob") ? "deny" : "allow";
          if (question.startsWith("/user?username=mona")) {
            text = "allow monitoring";
          } else if (question.startsWith("/user?username=adam")) {
            text = "allow administrator";
          } else if (question.startsWith("/user?username=mia")) {
            text = "allow management";
          } else if (question.startsWith("/vhost") && question.contains("secret")) {
            text = "deny";
          }
          byte[] answer = text.getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(200, answer.length);
          exchange.getResponseBody().write(answer);
          exchange.close();
        });
    service.start();
  }

  @AfterEach
  void stop() {
    slow.countDown();
    service.stop(0);
  }

  private ServerSettings settings(String... lines) throws Exception {
    Path file = directory.resolve("rabbitmq.conf");
    Files.writeString(file, String.join("\n", lines) + "\n");
    return ServerSettings.of(
        ConfigSources.none(), "--config", file.toString(), "--memory", "--amqp-port", "0");
  }

  private String[] http(String... more) {
    String base = "http://127.0.0.1:" + service.getAddress().getPort() + "/";
    String[] lines = {
      "auth_backends.1 = internal",
      "auth_backends.2 = http",
      "auth_http.user_path = " + base + "user",
      "auth_http.vhost_path = " + base + "vhost",
      "auth_http.resource_path = " + base + "resource",
      "auth_http.topic_path = " + base + "topic"
    };
    String[] all = Arrays.copyOf(lines, lines.length + more.length);
    System.arraycopy(more, 0, all, lines.length, more.length);
    return all;
  }

  private static HttpResponse<String> get(Management management, String path, String credentials)
      throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(management.uri() + "api" + path))
            .header("authorization", credentials)
            .build();
    return HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
  }

  private static String basic(String user) {
    return basic(user, "x");
  }

  private static String basic(String user, String password) {
    return "Basic "
        + Base64.getEncoder()
            .encodeToString((user + ":" + password).getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void usersOfABackendUseAmqpAndTheHttpApi() throws Exception {
    try (Broker broker = Broker.start(settings(http()).broker())) {
      broker.access().addVhost("secret");
      Management management = Management.start(broker, ManagementOptions.loopback());
      try {
        ConnectionFactory factory = new ConnectionFactory();
        factory.setUri(broker.amqpUri());
        factory.setUsername("alice");
        factory.setPassword("x");
        try (Connection connection = factory.newConnection()) {
          connection.createChannel().queueDeclare("q", false, false, false, null);
        }
        assertThat(get(management, "/whoami", basic("mona")).body())
            .contains("\"name\":\"mona\"", "\"monitoring\"");
        assertThat(get(management, "/whoami", basic("alice")).statusCode())
            .as("without tags there is no management")
            .isEqualTo(401);
        assertThat(get(management, "/whoami", basic("bob")).statusCode()).isEqualTo(401);
        assertThat(get(management, "/whoami", basic("guest", "guest")).statusCode()).isEqualTo(200);
        assertThat(get(management, "/queues/%2F", basic("mia")).statusCode()).isEqualTo(200);
        assertThat(get(management, "/queues/secret", basic("mia")).statusCode()).isEqualTo(401);
        assertThat(get(management, "/queues/secret", basic("adam")).statusCode()).isEqualTo(200);
        assertThat(get(management, "/vhosts", basic("mia")).body())
            .contains("\"name\":\"/\"")
            .doesNotContain("\"name\":\"secret\"");
      } finally {
        management.close();
      }
    }
  }

  @Test
  void theHttpApiAnswersOthersWhileABackendTakesItsTime() throws Exception {
    try (Broker broker = Broker.start(settings(http()).broker())) {
      Management management = Management.start(broker, ManagementOptions.loopback());
      try {
        var waiting =
            CompletableFuture.supplyAsync(
                () -> {
                  try {
                    return get(management, "/whoami", basic("mona-slow")).statusCode();
                  } catch (Exception failure) {
                    throw new IllegalStateException(failure);
                  }
                });
        for (int i = 0; i < 5; i++) {
          assertThat(get(management, "/whoami", basic("guest", "guest")).statusCode())
              .isEqualTo(200);
        }
        assertThat(waiting).isNotDone();
        slow.countDown();
        assertThat(waiting.get(10, TimeUnit.SECONDS)).isEqualTo(200);
      } finally {
        management.close();
      }
    }
  }

  @Test
  void withoutBackendsNothingOfThemIsLoaded() throws Exception {
    assertThat(settings("auth_backends.1 = internal").broker().authBackends())
        .isSameAs(
            settings("auth_backends.1 = rabbit_auth_backend_internal").broker().authBackends());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "auth_backends.1 = ldap | must be one of internal, http, oauth2, cache; LDAP is not",
        "auth_backends.1 = nonsense | must be one of internal, http, oauth2, cache, got 'nonsense'",
        "auth_backends.first = http | is no known key; use auth_backends.1",
        "auth_backends.1.authx = http | is no known key",
        "auth_backends.1 = cache | needs auth_cache.cached_backend",
        "auth_backends.1 = oauth2 | needs auth_oauth2.signing_keys",
        "auth_mechanisms.1 = CRAM-MD5 | must be one of PLAIN, AMQPLAIN, ANONYMOUS, EXTERNAL"
      })
  void badValuesAreToldBeforeTheStart(String line, String message) {
    assertThatThrownBy(() -> settings(line))
        .isInstanceOf(UsageException.class)
        .hasMessageContaining(message.strip());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "auth_http.http_method = put | must be one of get, post",
        "auth_http.user_path = /user | must be an address",
        "auth_http.request_timeout = soon | must be between",
        "auth_http.ssl_options.cacertfile = /nowhere | must be a file that can be read",
        "auth_http.unheard_of = 1 | is not supported"
      })
  void badValuesOfTheWebServiceAreToldBeforeTheStart(String line, String message) {
    assertThatThrownBy(() -> settings("auth_backends.1 = http", line))
        .isInstanceOf(UsageException.class)
        .hasMessageContaining(message.strip());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "auth_oauth2.jwks_url = http://idp.example.com/keys | must be an https address",
        "auth_oauth2.signing_keys.k1 = /nowhere | must be a file that can be read",
        "auth_oauth2.algorithms.1 = none | must be one of HS256",
        "auth_oauth2.verify_aud = perhaps | must be true or false",
        "auth_oauth2.https.peer_verification = verify_none | must be verify_peer",
        "auth_oauth2.scope_aliases.1.alias = x | needs auth_oauth2.scope_aliases.1.scope",
        "auth_oauth2.unheard_of = 1 | is not supported"
      })
  void badValuesOfOAuthAreToldBeforeTheStart(String line, String message) {
    assertThatThrownBy(
            () ->
                settings("auth_backends.1 = oauth2", "auth_oauth2.issuer = https://idp.test", line))
        .isInstanceOf(UsageException.class)
        .hasMessageContaining(message.strip());
  }

  @Test
  void aCacheStandsInFrontOfOneBackendOrTwo() throws Exception {
    settings(
        http(
            "auth_backends.3 = cache",
            "auth_cache.cached_backend = http",
            "auth_cache.cache_ttl = 5000"));
    settings(
        http(
            "auth_backends.3.authn = rabbit_auth_backend_cache",
            "auth_cache.cached_backend.authn = http",
            "auth_cache.cached_backend.authz = internal"));
    assertThat(settings("anonymous_login_user = none").broker().login().mechanisms())
        .containsExactlyInAnyOrder("PLAIN", "AMQPLAIN");
    assertThat(
            settings(
                    "auth_mechanisms.1 = PLAIN",
                    "auth_mechanisms.2 = ANONYMOUS",
                    "anonymous_login_user = none")
                .broker()
                .login()
                .mechanisms())
        .containsExactly("PLAIN");
    assertThat(
            settings("auth_mechanisms.1 = ANONYMOUS", "anonymous_login_user = none")
                .broker()
                .login()
                .mechanisms())
        .isNotNull()
        .isEmpty();
    assertThat(settings("auth_mechanisms.1 = PLAIN").broker().login().mechanisms())
        .containsExactly("PLAIN");
  }
}
