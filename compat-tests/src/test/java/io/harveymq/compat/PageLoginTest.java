package io.harveymq.compat;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.openqa.selenium.By;

class PageLoginTest extends PageTest {
  @Test
  void wrongPasswordIsRefusedWithoutSayingWhichHalfWasWrong() {
    expectComplaint("401");
    page.open("");
    page.logIn("guest", "wrong");
    page.awaitText(By.cssSelector("[role=alert]"), "Login refused. User or password is wrong.");
    assertThat(page.driver().findElements(By.cssSelector("nav.rail"))).isEmpty();
    page.await("focus", d -> "user".equals(d.switchTo().activeElement().getDomAttribute("id")));
    String foot = page.find(By.cssSelector("main.login .center")).getText();
    assertThat(foot)
        .matches("\\S+@\\S+ · \\d+\\.\\S+ · speaks RabbitMQ \\d+\\.\\S+ ·\\s+up \\d+ .*");
  }

  @Test
  void userWithoutATagIsToldWhatIsMissing() {
    expectComplaint("401");
    String user = name("page-untagged");
    http.put("/users/" + user, Map.of("password", "p", "tags", "")).isEmpty(201);
    By alert = By.cssSelector("[role=alert]");
    page.open("");
    page.logIn(user, "wrong");
    page.awaitText(alert, "Login refused. User or password is wrong.");
    page.logIn(user, "p");
    page.awaitText(alert, "Login refused. " + user + " has no tag that lets it in.");
    page.awaitText(alert, "rabbitmqctl set_user_tags");
    http.put("/users/" + user, Map.of("password", "p", "tags", "management")).isEmpty(204);
    page.logIn(user, "p");
    page.awaitText(By.id("main"), "Your user has no permissions in any vhost.");
    page.awaitText(By.id("main"), "Busiest queues");
    assertThat(page.find(By.id("main")).getText()).doesNotContain("No client has connected yet");
    page.leave();
    http.delete("/users/" + user).isEmpty(204);
  }

  @Test
  void rightPasswordOpensTheAddressThatWasAskedFor() {
    page.open("#/exchanges");
    page.logIn("guest", "guest");
    page.awaitHeading("Exchanges");
    page.awaitAddress("#/exchanges");
    assertThat(page.driver().getTitle()).isEqualTo("Exchanges · Harvey");
  }

  @Test
  void loginLastsOverAReloadAndEndsWithLogOut() {
    page.enter("#/queues");
    page.driver().navigate().refresh();
    page.awaitHeading("Queues");
    page.click(By.cssSelector(".topbar .user"));
    page.click(Page.button("Log out"));
    page.find(Page.field("Password"));
    page.driver().navigate().refresh();
    page.find(Page.field("Password"));
    assertThat(page.script("return JSON.stringify({...sessionStorage}) + document.cookie"))
        .isEqualTo("{}");
  }

  @Test
  void phoneReachesTheConnectionsAndLogsOutByItsLastEntry() {
    page.width(390, 844);
    page.enter("#/more");
    page.click(By.linkText("Connections"));
    page.awaitHeading("Clients");
    page.click(By.cssSelector(".tabbar a[href='#/more']"));
    page.click(Page.button("Log out"));
    page.find(Page.field("Password"));
    assertThat(page.script("return sessionStorage.length")).isEqualTo(0L);
  }

  @Test
  void loginByAddressLeavesNoPasswordInIt() {
    page.open("#/login/guest/guest");
    page.awaitText("Overview");
    page.find(By.cssSelector("nav.rail"));
    assertThat(page.driver().getCurrentUrl()).doesNotContain("login", "guest");
  }

  @Test
  void inlineScriptIsRefusedByThePolicyOfThePage() {
    page.enter("#/queues");
    page.script(
        "const s = document.createElement('script');"
            + "s.textContent = 'window.ran = true'; document.body.append(s)");
    assertThat(page.script("return window.ran === undefined")).isEqualTo(true);
    assertThat(page.complaints()).anyMatch(said -> said.contains("Content Security Policy"));
  }
}
