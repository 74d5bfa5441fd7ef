package io.harveymq.compat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.PossibleAuthenticationFailureException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.By;

class PageFirstStartTest extends PageTest {
  @Test
  void firstStartTicksWhatItHasSeenUntilTheFirstMessage() throws Exception {
    try (PageBroker broker = PageBroker.start()) {
      page = new Page(Browser.driver(), broker.uri());
      page.enter("");
      page.awaitHeading("Harvey is ready. No client has connected yet.");
      page.awaitText(By.cssSelector("pre.code"), "import pika");
      page.click(Page.button("Java"));
      page.awaitText(By.cssSelector("pre.code"), "ConnectionFactory");
      ConnectionFactory pasted = new ConnectionFactory();
      pasted.setUri(page.find(By.cssSelector(".copyrow .mono")).getText());
      assertThat(pasted.getVirtualHost()).isEqualTo("/");
      assertThat(pasted.getPort()).isEqualTo(broker.port());
      By steps = By.cssSelector("ol.steps");
      page.awaitText(steps, "Waiting for a connection");
      assertThatThrownBy(() -> broker.connect("stranger", "nobody", "wrong"))
          .isInstanceOf(PossibleAuthenticationFailureException.class);
      page.awaitText(By.cssSelector("main .callout"), "stranger was refused: login: ");
      try (Connection client = broker.connect("first")) {
        page.awaitText(steps, "a client has connected");
        Channel channel = client.createChannel();
        channel.queueDeclare("first", false, false, false, null);
        page.awaitText(steps, "1 queue");
        channel.queueBind("first", "amq.fanout", "");
        page.awaitText(steps, "1 binding");
        channel.basicPublish("amq.fanout", "", null, bytes("first"));
        page.awaitHeading("Overview");
        page.find(Page.row("Busiest queues", "first"));
        page.leave();
      }
    }
  }

  @Test
  void oneClickStartsTheDemoAndOneRemovesIt() throws Exception {
    try (PageBroker broker = PageBroker.start()) {
      page = new Page(Browser.driver(), broker.uri());
      page.enter("");
      page.awaitHeading("Harvey is ready. No client has connected yet.");
      page.click(Page.button("Start the demo"));
      page.awaitHeading("Overview");
      page.awaitText(By.cssSelector("section.demo"), "The demo runs in vhost demo");
      page.awaitText("orders drops keys that match no binding: order.eu.returned");
      page.find(Page.row("Busiest queues", "billing"));
      page.script("location.hash = '#/connections'");
      page.awaitText("report-writer");
      page.script("location.hash = '#/'");
      page.click(Page.button("Remove the demo"));
      page.awaitText(By.cssSelector(".toasts"), "The demo and vhost demo are removed");
      page.awaitGone(By.cssSelector("section.demo"));
      page.await(
          "vhost /",
          d -> page.script("return document.querySelector('.vhost select').value === '=/'"));
      page.leave();
    }
  }

  @Test
  void aVirtualHostOfThatNameIsLeftAlone() throws Exception {
    try (PageBroker broker = PageBroker.start()) {
      ManagementClient http = ManagementClient.at(broker.uri(), "guest", "guest");
      http.put("/vhosts/demo", Map.of()).isEmpty(201);
      expectComplaint("409");
      page = new Page(Browser.driver(), broker.uri());
      page.enter("#/start");
      page.click(Page.button("Start the demo"));
      page.awaitText(By.cssSelector(".toasts"), "Demo not started.");
      page.awaitText(By.cssSelector(".toasts"), "did not make virtual host 'demo'");
      page.open("#/");
      page.awaitHeading("Harvey is ready. No client has connected yet.");
      assertThat(page.driver().findElements(By.cssSelector("section.demo"))).isEmpty();
      page.leave();
    }
  }

  @Test
  void junitTestOfTheFirstPageRunsAsPasted(@TempDir Path folder) throws Exception {
    page.enter("#/start");
    page.click(Page.button("JUnit 5"));
    By code = By.cssSelector("pre.code");
    page.awaitText(code, "class OrdersTest");
    Path source = folder.resolve("OrdersTest.java");
    Files.writeString(source, page.find(code).getText());
    int status =
        ToolProvider.getSystemJavaCompiler()
            .run(
                null,
                null,
                null,
                "-d",
                folder.toString(),
                "-cp",
                System.getProperty("java.class.path"),
                source.toString());
    assertThat(status).isZero();
    try (URLClassLoader loader = new URLClassLoader(new URL[] {folder.toUri().toURL()})) {
      Class<?> pasted = loader.loadClass("OrdersTest");
      call(pasted, "start", null);
      try {
        var constructor = pasted.getDeclaredConstructor();
        constructor.setAccessible(true);
        call(pasted, "orderArrives", constructor.newInstance());
      } finally {
        call(pasted, "stop", null);
      }
    }
  }

  private static void call(Class<?> of, String method, Object on) throws Exception {
    var found = of.getDeclaredMethod(method);
    found.setAccessible(true);
    found.invoke(on);
  }

  @Test
  void composeFileOfTheFirstPageIsThatOfTheRepositoryWithoutWhatIsOptional() throws Exception {
    page.enter("#/start");
    page.click(Page.button("Compose"));
    By code = By.cssSelector("pre.code");
    page.awaitText(code, "image: harvey");
    String own = Files.readString(Path.of("..", "compose.yaml"));
    page.find(code)
        .getText()
        .lines()
        .filter(line -> !line.isBlank() && !line.startsWith("#"))
        .forEach(line -> assertThat(own).contains(line));
  }
}
