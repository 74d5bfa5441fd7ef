# bash completion for harvey, written by 'harvey completion bash'
_harvey_words() {
  case $1 in
    ctl)
      case $2 in
        shutdown) echo "--wait --no-wait" ;;
        wait) echo "--pid" ;;
        add_user) echo "--pre-hashed-password" ;;
        change_password) echo "--pre-hashed-password" ;;
        clear_permissions) echo "--vhost" ;;
        clear_topic_permissions) echo "--vhost" ;;
        set_permissions) echo "--vhost" ;;
        set_topic_permissions) echo "--vhost" ;;
        list_permissions) echo "--vhost" ;;
        list_topic_permissions) echo "--vhost" ;;
        list_bindings) echo "--vhost" ;;
        list_consumers) echo "--vhost" ;;
        list_exchanges) echo "--vhost" ;;
        list_queues) echo "--vhost --online --offline --local" ;;
        list_unresponsive_queues) echo "--local --queue-timeout" ;;
        status) echo "--unit" ;;
        report) echo "--vhost" ;;
        clear_parameter) echo "--vhost" ;;
        set_parameter) echo "--vhost" ;;
        list_parameters) echo "--vhost" ;;
        clear_operator_policy) echo "--vhost" ;;
        clear_policy) echo "--vhost" ;;
        set_operator_policy) echo "--vhost --priority --apply-to" ;;
        set_policy) echo "--vhost --priority --apply-to" ;;
        list_operator_policies) echo "--vhost" ;;
        list_policies) echo "--vhost" ;;
        add_vhost) echo "--description --tags --default-queue-type" ;;
        restart_vhost) echo "--vhost" ;;
        trace_on) echo "--vhost" ;;
        trace_off) echo "--vhost" ;;
        list_user_limits) echo "--user --global" ;;
        clear_vhost_limits) echo "--vhost" ;;
        set_vhost_limits) echo "--vhost" ;;
        list_vhost_limits) echo "--vhost --global" ;;
        export_definitions) echo "--format" ;;
        import_definitions) echo "--format --skip-if-unchanged" ;;
        close_all_connections) echo "--vhost --global --limit --per-connection-delay" ;;
        delete_queue) echo "--vhost --if-empty --if-unused" ;;
        purge_queue) echo "--vhost" ;;
        join_cluster) echo "--disc --ram" ;;
        forget_cluster_node) echo "--offline" ;;
        sync_queue) echo "--vhost" ;;
        cancel_sync_queue) echo "--vhost" ;;
        '') echo "add_user add_vhost authenticate_user autocomplete await_online_nodes await_startup cancel_sync_queue change_cluster_node_type change_password clear_global_parameter clear_operator_policy clear_parameter clear_password clear_permissions clear_policy clear_topic_permissions clear_user_limits clear_vhost_limits close_all_connections close_all_user_connections close_connection cluster_status delete_queue delete_user delete_vhost enable_feature_flag environment eval eval_file exec export_definitions force_boot force_gc force_reset forget_cluster_node help import_definitions join_cluster list_bindings list_channels list_connections list_consumers list_exchanges list_feature_flags list_global_parameters list_node_auth_attempt_stats list_operator_policies list_parameters list_permissions list_policies list_queues list_topic_permissions list_unresponsive_queues list_user_limits list_user_permissions list_user_topic_permissions list_users list_vhost_limits list_vhosts node_health_check ping purge_queue rename_cluster_node report reset restart_vhost resume_listeners rotate_logs set_cluster_name set_disk_free_limit set_global_parameter set_log_level set_operator_policy set_parameter set_permissions set_policy set_topic_permissions set_user_limits set_user_tags set_vhost_limits set_vhost_tags set_vm_memory_high_watermark shutdown start_app status stop stop_app suspend_listeners sync_queue trace_off trace_on update_cluster_nodes version wait" ;;
      esac ;;
    diagnostics)
      case $2 in
        wait) echo "--pid" ;;
        list_permissions) echo "--vhost" ;;
        list_topic_permissions) echo "--vhost" ;;
        list_bindings) echo "--vhost" ;;
        list_consumers) echo "--vhost" ;;
        list_exchanges) echo "--vhost" ;;
        list_queues) echo "--vhost --online --offline --local" ;;
        list_unresponsive_queues) echo "--local --queue-timeout" ;;
        status) echo "--unit" ;;
        report) echo "--vhost" ;;
        check_certificate_expiration) echo "--unit --within" ;;
        check_port_connectivity) echo "--address" ;;
        memory_breakdown) echo "--unit" ;;
        list_parameters) echo "--vhost" ;;
        list_operator_policies) echo "--vhost" ;;
        list_policies) echo "--vhost" ;;
        list_user_limits) echo "--user --global" ;;
        list_vhost_limits) echo "--vhost --global" ;;
        '') echo "alarms autocomplete check_alarms check_certificate_expiration check_if_node_is_mirror_sync_critical check_if_node_is_quorum_critical check_local_alarms check_port_connectivity check_port_listener check_protocol_listener check_running check_virtual_hosts cluster_status environment erlang_version help is_booting is_running list_bindings list_channels list_connections list_consumers list_exchanges list_feature_flags list_global_parameters list_node_auth_attempt_stats list_operator_policies list_parameters list_permissions list_policies list_queues list_topic_permissions list_unresponsive_queues list_user_limits list_user_permissions list_user_topic_permissions list_users list_vhost_limits list_vhosts listeners log_location memory_breakdown node_health_check ping report server_version status version wait" ;;
      esac ;;
    plugins)
      case $2 in
        disable) echo "--all --offline --online" ;;
        enable) echo "--all --offline --online" ;;
        list) echo "--verbose --minimal --enabled --implicitly-enabled" ;;
        set) echo "--all --offline --online" ;;
        '') echo "autocomplete directories disable enable help is_enabled list set version" ;;
      esac ;;
    completion) echo "bash zsh" ;;
    config) echo "show check --formatter --help --config --definitions --amqp-port --bind --amqps-port --http-port --https-port --metrics-port --tls-cert --tls-key --tls-ca --data-dir --memory --accept-loss --event-loops --transport --memory-share --memory-high-watermark --disk-free-limit --consumer-timeout --event-exchange --compatibility --default-user --default-pass --default-vhost --loopback-users --log-level --log-format" ;;
    server) echo "--config --definitions --amqp-port --bind --amqps-port --http-port --https-port --metrics-port --tls-cert --tls-key --tls-ca --data-dir --memory --accept-loss --event-loops --transport --memory-share --memory-high-watermark --disk-free-limit --consumer-timeout --event-exchange --compatibility --default-user --default-pass --default-vhost --loopback-users --log-level --log-format --help --version" ;;
    store) echo "info verify compact backup restore --data-dir --to --from --accept-loss --help" ;;
    tls) echo "dev --dir --host --user --force --help" ;;
    admin)
      case $2 in
        close) echo "connection" ;;
        declare) echo "exchange queue binding vhost user permission parameter policy operator_policy vhost_limit" ;;
        delete) echo "exchange queue binding vhost user permission parameter policy operator_policy vhost_limit" ;;
        help) echo "subcommands config" ;;
        list) echo "connections channels consumers exchanges queues bindings users vhosts permissions nodes parameters policies operator_policies vhost_limits" ;;
        purge) echo "queue" ;;
        show) echo "overview" ;;
        '') echo "close declare delete help list purge show publish get export import" ;;
      esac ;;
  esac
}

_harvey() {
  local tool command i word words
  local current=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]}
  COMPREPLY=()
  case ${COMP_WORDS[0]##*/} in
    rabbitmqctl) tool=ctl i=1 ;;
    rabbitmq-diagnostics) tool=diagnostics i=1 ;;
    rabbitmq-plugins) tool=plugins i=1 ;;
    rabbitmqadmin) tool=admin i=1 ;;
    *) tool=${COMP_WORDS[1]} i=2
       if [ "$COMP_CWORD" -eq 1 ]; then
         words="server config store tls ctl diagnostics plugins admin completion --help --version"
         case $current in
           -*) words="$words $(_harvey_words server)" ;;
         esac
         COMPREPLY=($(compgen -W "$words" -- "$current"))
         return
       fi ;;
  esac
  if [ "$before" = --formatter ]; then
    COMPREPLY=($(compgen -W "table pretty_table json csv" -- "$current"))
    return
  fi
  case $tool in -*) tool=server ;; esac
  case $tool in
    ctl|diagnostics|plugins|admin) ;;
    *) case $before,$current in
         *,-*) ;;
         -*,*) return ;;
       esac
       COMPREPLY=($(compgen -W "$(_harvey_words "$tool")" -- "$current"))
       return ;;
  esac
  command=
  while [ "$i" -lt "$COMP_CWORD" ]; do
    word=${COMP_WORDS[i]}
    case $tool:$word in
      admin:-c|admin:--config|admin:-N|admin:--node|admin:-H|admin:--host|admin:-P|admin:--port|admin:--path-prefix|admin:-V|admin:--vhost|admin:-u|admin:--username|admin:-p|admin:--password|admin:-U|admin:--base-uri|admin:--ssl-key-file|admin:--ssl-cert-file|admin:--ssl-ca-cert-file|admin:-t|admin:--request-timeout|admin:-f|admin:--format|admin:-S|admin:--sort|admin:-d|admin:--depth) i=$((i + 1)) ;;
      admin:-*) ;;
      *:-n|*:-p|*:-t|*:--node|*:--vhost|*:--timeout|*:--formatter|*:--data-dir|*:--config|*:--uri) i=$((i + 1)) ;;
      *:-*) ;;
      *) command=$word; break ;;
    esac
    i=$((i + 1))
  done
  if [ "$tool:$command" != admin:help ] && [ "$command" = help ]; then command=; fi
  words="$(_harvey_words "$tool" "$command")"
  case $tool:$current in
    admin:-*) words="--help --config --node --host --port --path-prefix --vhost --username --password --base-uri --quiet --ssl --ssl-key-file --ssl-cert-file --ssl-ca-cert-file --ssl-disable-hostname-verification --ssl-insecure --request-timeout --format --sort --sort-reverse --depth --bash-completion --version" ;;
    *:-*) words="$words --node --quiet --silent --timeout --longnames --vhost --formatter --no-table-headers --table-headers --help --version --script-name --data-dir --config --uri" ;;
  esac
  COMPREPLY=($(compgen -W "$words" -- "$current"))
}
complete -o default -F _harvey harvey rabbitmqctl rabbitmq-diagnostics rabbitmq-plugins rabbitmqadmin
