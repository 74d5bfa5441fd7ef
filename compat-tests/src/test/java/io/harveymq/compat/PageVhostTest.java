package io.harveymq.compat;

import static org.assertj.core.api.Assertions.assertThat;

import io.harveymq.broker.Compatibility;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.openqa.selenium.By;

/** Virtual hosts, and what the lists of administration share. */
class PageVhostTest extends PageTest {
  private final String vhost = name("page-vhost");
  private final String user = name("page-user");

  @BeforeEach
  void makeThem() {
    http.put("/vhosts/" + vhost, Map.of("description", "Of a test", "tags", "qa")).isEmpty(201);
    http.put("/users/" + user, Map.of("password", "p", "tags", "management")).isEmpty(201);
  }

  @AfterEach
  void deleteThem() {
    page.leave();
    http.delete("/vhosts/" + vhost).isEmpty(204);
    http.delete("/users/" + user).isEmpty(204);
  }

  @Test
  void searchLooksIntoAllVirtualHostsAndLeadsToTheMessage() {
    http.put("/queues/" + vhost + "/own", Map.of("durable", true)).isEmpty(201);
    http.post(
            "/exchanges/" + vhost + "/amq.default/publish",
            ManagementClient.message("own", "needle of " + vhost))
        .hasStatus(200);
    page.enter("#/messages?in=queues&q=" + vhost);
    By row = By.xpath("//tr[contains(@class, 'msgrow')][contains(., '" + vhost + "')]");
    page.awaitText(row, "needle of " + vhost);
    page.awaitText(By.cssSelector("main .head"), "all virtual hosts");
    page.click(By.xpath("//tr[contains(@class, 'msgrow')]//a[.='own']"));
    page.awaitHeading("own");
    page.awaitText(By.cssSelector(".viewer"), "needle of " + vhost);
  }

  @Test
  void permissionIsSetAndRemovedOnTheVirtualHostsOwnPage() {
    page.enter("#/vhosts/" + vhost);
    page.awaitHeading(vhost);
    page.awaitText("Of a test");
    page.click(Page.button("Set permissions"));
    page.click(By.xpath("//option[.='" + user + "']"));
    page.type(Page.field("Write"), "^shop");
    page.click(Page.submit());
    By row = Page.row("Permissions", user);
    page.awaitText(row, "^shop");
    assertThat(http.read("/permissions/" + vhost + "/" + user).get("write").textValue())
        .isEqualTo("^shop");
    page.open("#/vhosts");
    page.awaitText(Page.row("Virtual hosts", vhost), user);
    page.click(By.linkText(vhost));
    page.awaitHeading(vhost);
    page.click(
        By.xpath(
            "//tr[td[normalize-space()='"
                + user
                + "']]//button[@aria-label='Remove permissions of "
                + user
                + " in "
                + vhost
                + "']"));
    page.awaitGone(row);
    assertThat(http.get("/permissions/" + vhost + "/" + user).status()).isEqualTo(404);
  }

  @Test
  void topicPermissionOfAVirtualHostIsSetForAUser() {
    page.enter("#/vhosts/" + vhost);
    page.click(Page.button("Set topic permissions"));
    page.click(By.xpath("//option[.='" + user + "']"));
    page.type(Page.field("Read"), "^order");
    page.click(Page.submit());
    page.awaitText(Page.row("Topic permissions", "amq.topic"), "^order");
    page.awaitText(Page.row("Topic permissions", "amq.topic"), user);
  }

  @Test
  void countsAreThoseOfTheChosenVirtualHost() {
    By exchanges = By.cssSelector(".rail a[href='#/exchanges'] .count");
    By clients = By.cssSelector(".rail a[href='#/connections'] .count");
    By tabs = By.cssSelector("main .tabs");
    http.put("/queues/" + vhost + "/one", Map.of()).isEmpty(201);
    page.enter("#/channels");
    page.await("all", d -> Integer.parseInt(d.findElement(exchanges).getText()) > 7);
    page.await("all", d -> Integer.parseInt(d.findElement(clients).getText()) > 0);
    page.click(By.xpath("//option[.='" + vhost + "']"));
    page.await("its own", d -> d.findElement(exchanges).getText().equals("7"));
    page.await("its own", d -> d.findElement(clients).getText().equals("0"));
    page.awaitText(By.cssSelector(".rail a[href='#/queues'] .count"), "1");
    page.awaitText(tabs, "Connections\n0");
    page.awaitText(tabs, "Channels\n0");
    assertThat(page.find(tabs).getText()).endsWith("Consumers");
    page.click(By.partialLinkText("Consumers"));
    page.awaitText(tabs, "Consumers\n0");
    page.click(By.xpath("//option[.='All']"));
    page.await("all", d -> Integer.parseInt(d.findElement(exchanges).getText()) > 7);
  }

  @Test
  void addressOfMessagesNamesTheVirtualHostTheyAreIn() {
    By chosen = By.cssSelector("select[aria-label='Virtual host']");
    page.enter("#/messages/dropped");
    page.click(By.xpath("//option[.='" + vhost + "']"));
    page.awaitAddress("#/messages/dropped?vhost=" + vhost);
    page.click(By.xpath("//select[@aria-label='Virtual host']/option[.='/']"));
    page.awaitAddress("#/messages/dropped?vhost=%2F");
    page.open("#/messages/dropped?vhost=" + vhost);
    page.await(
        "the virtual host of the address",
        d -> d.findElement(chosen).getDomProperty("value").equals("=" + vhost));
    page.awaitText(By.cssSelector("main .head"), "vhost " + vhost);
    page.click(By.xpath("//option[.='All']"));
    page.awaitAddress("#/messages/dropped");
  }

  @Test
  void overviewHasTheNumbersOfTheChosenVirtualHost() throws Exception {
    String queue = newQueue();
    channel.basicPublish("", queue, null, bytes("elsewhere"));
    http.put("/queues/" + vhost + "/own", Map.of()).isEmpty(201);
    By strip = By.cssSelector("main .flow");
    page.enter("#/?vhost=" + vhost);
    page.awaitText(strip, "Waiting\n0\n");
    for (int i = 0; i < 3; i++) {
      http.post(
              "/exchanges/" + vhost + "/amq.default/publish", ManagementClient.message("own", "{}"))
          .hasStatus(200);
    }
    page.awaitText(strip, "Waiting\n3\n");
    page.click(By.xpath("//option[.='All']"));
    page.await("the broker's", d -> !d.findElement(strip).getText().contains("Waiting\n3\n"));
  }

  @Test
  void whoMayAccessNoVirtualHostIsToldSo() {
    expectComplaint("401");
    page.open("#/queues");
    page.logIn(user, "p");
    page.awaitText("Your user has no permissions in any vhost.");
  }

  @Test
  void defaultQueueTypeIsChosenInThePage() {
    page.enter("#/vhosts/" + vhost);
    page.click(Page.button("Edit virtual host…"));
    page.click(By.xpath("//aside//option[.='quorum']"));
    page.click(Page.submit());
    page.awaitText(By.cssSelector(".toasts"), "is saved");
    page.awaitText(By.id("main"), "quorum");
    assertThat(http.read("/vhosts/" + vhost).get("default_queue_type").textValue())
        .isEqualTo("quorum");
    assertThat(http.read("/vhosts/" + vhost).get("description").textValue()).isEqualTo("Of a test");
  }

  @Test
  void whoMayOnlyUseAVirtualHostSeesItAndItsRates() {
    http.put("/permissions/" + vhost + "/" + user, Map.of("configure", "", "write", "", "read", ""))
        .isEmpty(201);
    http.put("/permissions/%2F/" + user, Map.of("configure", "", "write", "", "read", ""))
        .isEmpty(201);
    page.open("#/vhosts/" + vhost);
    page.logIn(user, "p");
    page.awaitHeading(vhost);
    page.awaitText(By.id("main"), "Of a test");
    page.click(Page.button("Show its queues"));
    page.awaitAddress("#/queues");
    page.open("#/rates");
    page.awaitText(By.cssSelector("main .head"), "vhost " + vhost);
    page.awaitText(By.id("main"), "Churn of the broker");
    page.script("localStorage.removeItem('harvey.vhost')");
    page.open("#/vhosts/" + vhost + "~");
    page.awaitText("No virtual host " + vhost + "~");
  }

  @Test
  void virtualHostThatDoesNotExistIsSaid() {
    expectComplaint("404");
    page.enter("#/vhosts/" + vhost + "~");
    page.awaitText("No virtual host " + vhost + "~");
  }

  @Test
  void columnThatIsAddedIsRemembered() {
    page.enter("#/vhosts");
    page.click(Page.button("Columns"));
    page.click(Page.column("Default queue type"));
    page.awaitText(Page.row("Virtual hosts", vhost), "classic");
    page.reload("#/vhosts");
    page.awaitText(Page.row("Virtual hosts", vhost), "classic");
  }

  @Test
  void listOfUsersIsNarrowedByAPartOfTheNameAndByAPattern() {
    page.enter("#/users?f=" + user.substring(1));
    page.find(Page.row("Users", user));
    assertThat(page.driver().findElements(By.linkText("guest"))).isEmpty();
    page.type(By.cssSelector("main input[type=search]"), "/^gu.st$/");
    page.find(By.linkText("guest"));
    page.awaitGone(Page.row("Users", user));
    page.type(By.cssSelector("main input[type=search]"), "/[/");
    page.awaitText("No regular expression: /[/");
    page.click(By.cssSelector(".tabs [href='#/users']"));
    page.find(Page.row("Users", user));
    page.awaitGone(By.cssSelector("main .bad"));
  }

  @Test
  void headOfAColumnSortsTheVirtualHosts() throws Exception {
    page.enter("#/vhosts?sort=name&dir=down");
    page.await("the last first", d -> first().compareTo("/") > 0);
    page.click(Page.button("Name ↓"));
    page.await("the first first", d -> first().equals("/"));
    page.awaitAddress("#/vhosts");
  }

  private String first() {
    return page.find(By.cssSelector("table[aria-label='Virtual hosts'] tbody td.c-name")).getText();
  }

  @Test
  void deprecatedFeaturesAreListedWithThoseInUse() {
    http.put("/queues/" + vhost + "/transient", Map.of("durable", false)).isEmpty(201);
    page.enter("#/deprecated-features");
    page.awaitText(Page.row("Deprecated features", "transient_nonexcl_queues"), "In use");
    assertThat(page.find(Page.row("Deprecated features", "global_qos")).getText())
        .contains("Permitted")
        .doesNotContain("In use");
  }

  @Test
  void deprecatedFeaturesAreNotAskedForBeforeThereWereAny() throws Exception {
    try (PageBroker broker = PageBroker.start(Compatibility.V3_10)) {
      page = new Page(Browser.driver(), broker.uri());
      page.enter("#/node");
      page.awaitText("Feature flags");
      page.awaitText("Cluster name");
      assertThat(page.script("return document.body.innerText")).asString().doesNotContain("Deprec");
      page.leave();
    }
  }

  @Test
  void addressOfOnePolicyOpensIt() {
    String policy = name("page-policy");
    http.put(
            "/policies/" + vhost + "/" + policy,
            Map.of("pattern", "^only-this$", "definition", Map.of("max-length", 7)))
        .isEmpty(201);
    page.enter("#/policies/" + vhost + "/" + policy);
    page.awaitText(By.cssSelector(".slide h2"), "Policy " + policy);
    assertThat(page.find(Page.field("Pattern")).getDomProperty("value")).isEqualTo("^only-this$");
    page.awaitAddress("#/policies");
    expectComplaint("404");
    page.open("#/policies/" + vhost + "/" + policy + "~");
    page.awaitText("No policy " + policy + "~ in vhost " + vhost);
  }
}
