package io.harveymq.broker.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.harveymq.broker.vhost.VirtualHostDefinition;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class AccessRulesTest {
  private static AccessRules rules(Set<String> loopbackUsers) {
    AccessEditor editor = new AccessEditor(AccessRules.empty(loopbackUsers));
    editor.addUser(User.of("guest", "guest"));
    editor.addUser(User.of("u", "p"));
    editor.putVhost(VirtualHostDefinition.of("/"));
    return editor.rules();
  }

  @Test
  void aLoopbackUserLogsInFromThisMachineOnly() {
    AccessRules rules = rules(Set.of("guest"));

    assertThat(rules.login("guest", "guest", true)).isEqualTo(LoginOutcome.ACCEPTED);
    assertThat(rules.login("guest", "guest", false)).isEqualTo(LoginOutcome.LOOPBACK_ONLY);
    assertThat(rules.login("guest", "no", false)).isEqualTo(LoginOutcome.WRONG_CREDENTIALS);
    assertThat(rules.login("u", "p", false)).isEqualTo(LoginOutcome.ACCEPTED);
  }

  @Test
  void withoutLoopbackUsersEverybodyLogsInFromEverywhere() {
    assertThat(rules(Set.of()).login("guest", "guest", false)).isEqualTo(LoginOutcome.ACCEPTED);
  }

  @Test
  void aChangeLeavesTheSnapshotItCameFromAlone() {
    AccessRules before = rules(Set.of());
    AccessEditor editor = new AccessEditor(before);
    editor.setPermission(Permission.all("u", "/"));
    editor.setTopicPermission(new TopicPermission("u", "/", "x", "a", "b"));
    AccessRules with = editor.rules();
    AccessEditor second = new AccessEditor(with);
    second.deleteUser("u");

    assertThat(before.mayUse("u", "/")).isFalse();
    assertThat(with.mayUse("u", "/")).isTrue();
    assertThat(with.allowsTopic("u", "/", "x", AccessRight.WRITE, "b")).isFalse();
    assertThat(second.rules().mayUse("u", "/")).isFalse();
    assertThat(second.rules().topicPermissions()).isEmpty();
    assertThat(second.changes()).hasSize(3).allMatch(AccessEditor.Change::removed);
    assertThat(with.user("u")).isNotNull();
  }

  @Test
  void deletingAVirtualHostTakesItsPermissionsAlong() {
    AccessEditor editor = new AccessEditor(rules(Set.of()));
    editor.setPermission(Permission.all("u", "/"));
    editor.deleteVhost("/");

    assertThat(editor.rules().permissions()).isEmpty();
    assertThat(editor.deletedVhosts()).containsExactly("/");
    assertThatThrownBy(() -> editor.putVhost(VirtualHostDefinition.of("/")))
        .isInstanceOf(AccessException.class);
  }

  @Test
  void aProtectedVirtualHostCanNotBeDeleted() {
    AccessEditor editor = new AccessEditor(rules(Set.of()));
    editor.putVhost(editor.vhost("/").withProtectedFromDeletion(true));

    assertThatThrownBy(() -> editor.deleteVhost("/"))
        .isInstanceOf(AccessException.class)
        .extracting("reason")
        .isEqualTo(AccessException.Reason.PROTECTED);
    editor.putVhost(editor.vhost("/").withProtectedFromDeletion(false));
    editor.deleteVhost("/");
    assertThat(editor.rules().vhost("/")).isNull();
  }

  @Test
  void namesAndTagsHaveFrom1To255Bytes() {
    AccessEditor editor = new AccessEditor(rules(Set.of()));

    assertThatThrownBy(() -> editor.addUser(User.of("", "p"))).isInstanceOf(AccessException.class);
    assertThatThrownBy(() -> editor.putVhost(VirtualHostDefinition.of("v".repeat(256))))
        .isInstanceOf(AccessException.class);
    assertThatThrownBy(() -> editor.addUser(User.of("x", "p", "")))
        .isInstanceOf(AccessException.class);
    editor.putUser(editor.user("u").withTags(List.of("t".repeat(255))));
    assertThat(editor.rules().users()).hasSize(2);
  }
}
