package io.harveymq.compat;

import static org.assertj.core.api.Assertions.assertThat;

import io.harveymq.broker.vhost.ManualClock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.By;

/** Acts that are done at once are copied as commands from what tells of them, and do the same. */
class PageCurlTest extends PageTest {
  private static final By TOASTS = By.cssSelector(".toasts");
  private static final By COPY = By.xpath("//*[@class='toast'][last()]//button[.='Copy as curl']");

  /** A shell would make something of each of these. */
  private static final String AWKWARD = "it's 100% of \"$HOME\" & ü/#?";

  /** The command that the newest toast has, once it says this. */
  private String copied(String said) {
    page.awaitText(TOASTS, said);
    page.script("window.copied = null; navigator.clipboard.writeText = async t => { copied = t }");
    page.click(COPY);
    return page.await("a command", d -> (String) page.script("return window.copied"));
  }

  /** Runs it as it was pasted; the password is what curl would ask for. */
  private static String run(String command) throws Exception {
    return run(command, Path.of("."));
  }

  private static String run(String command, Path folder) throws Exception {
    assertThat(command).startsWith("curl -u guest \\\n");
    String answered = command.replaceFirst("-u guest ", "-sS -f -u guest:guest ");
    Process shell =
        new ProcessBuilder("sh", "-c", answered)
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .start();
    String output = new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(shell.waitFor(20, TimeUnit.SECONDS)).isTrue();
    assertThat(shell.exitValue()).as(output).isZero();
    return output;
  }

  @Test
  void pausePutsItsCommandIntoTheToast() throws Exception {
    String queue = name(AWKWARD);
    channel.queueDeclare(queue, false, false, true, null);
    String path = "/queues/%2F/" + ManagementClient.segment(queue).replace("%27", "'");
    page.enter("#" + path);
    page.click(Page.button("Pause"));
    String pause = copied("is paused");
    assertThat(page.find(By.linkText("Show queue")).getDomAttribute("href")).isEqualTo("#" + path);
    page.click(Page.button("Resume"));
    String resume = copied(queue + " goes on");
    run(pause);
    assertThat(http.read(path).path("paused").booleanValue()).isTrue();
    run(resume);
    assertThat(http.read(path).path("paused").booleanValue()).isFalse();
  }

  @Test
  void unbindingIsCopied() throws Exception {
    String queue = newQueue();
    String exchange = newExchange("topic");
    channel.queueBind(queue, exchange, AWKWARD);
    page.enter("#/exchanges/%2F/" + exchange);
    page.click(By.cssSelector("[aria-label=Unbind]"));
    String unbind = copied(queue + " is no longer bound to " + exchange);
    channel.queueBind(queue, exchange, AWKWARD);
    run(unbind);
    assertThat(http.read("/exchanges/%2F/" + exchange + "/bindings/source")).isEmpty();
  }

  @Test
  void bodiesAreCopiedToo() throws Exception {
    String exchange = name(AWKWARD);
    try (PageBroker broker = PageBroker.start()) {
      page = new Page(Browser.driver(), broker.uri());
      page.enter("#/test/faults");
      page.type(Page.field("Exchange"), exchange);
      page.click(Page.button("Inject fault"));
      String inject = copied("Nack publishes is on");
      run(inject);
      ManagementClient api = ManagementClient.at(broker.uri(), "guest", "guest");
      assertThat(HttpAnswer.column(api.read("/dev/faults"), "exchange"))
          .containsExactly(exchange, exchange);
      page.click(Page.button("End all faults in vhost /"));
      String end = copied("All faults in vhost / are ended");
      run(inject);
      run(end);
      assertThat(api.read("/dev/faults").findValues("on"))
          .allSatisfy(on -> assertThat(on.booleanValue()).isFalse());
      page.leave();
    }
  }

  @Test
  void messagesThatArePublishedAgainAreToldWithTheirExchange() throws Exception {
    String exchange = newExchange("direct");
    publish(exchange, "lost", "m");
    page.enter("#/exchanges/%2F/" + exchange + "/dropped");
    page.find(By.cssSelector("tr.msgrow"));
    String queue = newQueue();
    channel.queueBind(queue, exchange, "lost");
    page.click(Page.button("Publish all messages again"));
    String again = copied("1 message published again to " + exchange);
    assertThat(run(again)).isEqualTo("{\"done\":0,\"failed\":{}}");
    assertThat(page.find(By.linkText("Show exchange")).getDomAttribute("href"))
        .isEqualTo("#/exchanges/%2F/" + exchange);
  }

  @Test
  void messagesThatNoQueueTakesAreTold() throws Exception {
    String exchange = newExchange("direct");
    publish(exchange, "lost", "m");
    publish(exchange, "lost", "n");
    page.enter("#/exchanges/%2F/" + exchange + "/dropped");
    page.awaitText(By.cssSelector(".tools"), "2 dropped");
    page.click(Page.button("Publish all messages again"));
    page.awaitText(TOASTS, "2 messages not taken: no queue takes them.");
  }

  @Test
  void actsOfAdministratorsAreCopied() throws Exception {
    String user = name("u");
    String policy = name("p");
    http.put("/users/" + user, Map.of("password", "p", "tags", "")).isEmpty(201);
    http.put("/permissions/%2F/" + user, Map.of("configure", "", "write", "", "read", ""));
    http.put(
        "/policies/%2F/" + policy,
        Map.of("pattern", "^none$", "definition", Map.of("max-length", 1)));
    try {
      page.enter("#/users/" + user);
      page.click(By.cssSelector("[aria-label='Remove permissions of " + user + " in /']"));
      String remove = copied(user + " may no longer use vhost /");
      http.put("/permissions/%2F/" + user, Map.of("configure", "", "write", "", "read", ""));
      run(remove);
      assertThat(http.read("/users/" + user + "/permissions")).isEmpty();
      page.open("#/policies");
      page.click(By.xpath("//tr[contains(., '" + policy + "')]//button[@aria-haspopup]"));
      page.click(By.xpath("//*[@role='menuitem'][normalize-space()='Delete policy']"));
      assertThat(copied("The policy " + policy + " is deleted"))
          .contains("-X DELETE", "/api/policies/%2F/" + policy);
    } finally {
      List.of("/users/" + user, "/policies/%2F/" + policy).forEach(http::delete);
    }
  }

  @Test
  void usersAndDefinitionsAreCopiedWithoutThePassword(@TempDir Path folder) throws Exception {
    String user = name("u");
    String added = name("u");
    Path file = folder.resolve("it's.json");
    Files.writeString(file, "{\"users\": [{\"name\": \"%s\", \"tags\": \"\"}]}".formatted(user));
    try {
      page.enter("#/users");
      page.press("n");
      page.type(Page.field("Name"), added);
      page.type(Page.field("New password"), "secret");
      page.awaitText(By.cssSelector(".slide .code"), "\"password\":\"PASSWORD\"");
      String add = page.find(By.cssSelector(".slide .code")).getText();
      assertThat(add).doesNotContain("secret");
      run(add);
      assertThat(http.read("/users/" + added).get("tags")).hasToString("[\"management\"]");
      page.open("#/definitions");
      page.find(By.cssSelector("input[type=file]")).sendKeys(file.toString());
      page.find(By.cssSelector("dialog[open]"));
      page.script(
          "window.copied = null; navigator.clipboard.writeText = async t => { copied = t }");
      page.click(By.xpath("//dialog//button[normalize-space()='Copy as curl']"));
      run(page.await("a command", d -> (String) page.script("return window.copied")), folder);
      assertThat(http.get("/users/" + user).status()).isEqualTo(200);
    } finally {
      List.of("/users/" + user, "/users/" + added).forEach(http::delete);
    }
  }

  @Test
  void clockIsMovedByTheCopiedCommand() throws Exception {
    try (PageBroker broker = PageBroker.start(new ManualClock())) {
      page = new Page(Browser.driver(), broker.uri());
      page.enter("#/test/clock");
      page.click(Page.button("Advance 1 h"));
      String advance = copied("The broker's clock is 1 h further");
      ManagementClient api = ManagementClient.at(broker.uri(), "guest", "guest");
      long before = api.read("/dev/clock").get("time").longValue();
      assertThat(HttpAnswer.parse(run(advance)).get("time").longValue())
          .isGreaterThanOrEqualTo(before + 3_600_000);
      page.leave();
    }
  }
}
