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
        update_vhost_metadata) echo "--description --tags --default-queue-type" ;;
        list_user_limits) echo "--user --global" ;;
        clear_vhost_limits) echo "--vhost" ;;
        set_vhost_limits) echo "--vhost" ;;
        list_vhost_limits) echo "--vhost --global" ;;
        export_definitions) echo "--format" ;;
        import_definitions) echo "--format --skip-if-unchanged" ;;
        list_deprecated_features) echo "--used" ;;
        close_all_connections) echo "--vhost --global --limit --per-connection-delay" ;;
        delete_queue) echo "--vhost --if-empty --if-unused" ;;
        purge_queue) echo "--vhost" ;;
        join_cluster) echo "--disc --ram" ;;
        forget_cluster_node) echo "--offline" ;;
        sync_queue) echo "--vhost" ;;
        cancel_sync_queue) echo "--vhost" ;;
        '') echo "add_user add_vhost authenticate_user autocomplete await_online_nodes await_startup cancel_sync_queue change_cluster_node_type change_password clear_global_parameter clear_operator_policy clear_parameter clear_password clear_permissions clear_policy clear_topic_permissions clear_user_limits clear_vhost_limits close_all_connections close_all_user_connections close_connection cluster_status delete_queue delete_user delete_vhost enable_feature_flag environment eval eval_file exec export_definitions force_boot force_gc force_reset forget_cluster_node hash_password help import_definitions join_cluster list_bindings list_channels list_connections list_consumers list_deprecated_features list_exchanges list_feature_flags list_global_parameters list_node_auth_attempt_stats list_operator_policies list_parameters list_permissions list_policies list_queues list_topic_permissions list_unresponsive_queues list_user_limits list_user_permissions list_user_topic_permissions list_users list_vhost_limits list_vhosts node_health_check ping purge_queue rename_cluster_node report reset restart_vhost resume_listeners rotate_logs set_cluster_name set_disk_free_limit set_global_parameter set_log_level set_operator_policy set_parameter set_permissions set_policy set_topic_permissions set_user_limits set_user_tags set_vhost_limits set_vhost_tags set_vm_memory_high_watermark shutdown start_app status stop stop_app suspend_listeners sync_queue trace_off trace_on update_cluster_nodes update_vhost_metadata version wait" ;;
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
        list_deprecated_features) echo "--used" ;;
        '') echo "alarms autocomplete check_alarms check_certificate_expiration check_if_node_is_mirror_sync_critical check_if_node_is_quorum_critical check_local_alarms check_port_connectivity check_port_listener check_protocol_listener check_running check_virtual_hosts cluster_status environment erlang_version help is_booting is_running list_bindings list_channels list_connections list_consumers list_deprecated_features list_exchanges list_feature_flags list_global_parameters list_node_auth_attempt_stats list_operator_policies list_parameters list_permissions list_policies list_queues list_topic_permissions list_unresponsive_queues list_user_limits list_user_permissions list_user_topic_permissions list_users list_vhost_limits list_vhosts listeners log_location memory_breakdown node_health_check ping report server_version status version wait" ;;
      esac ;;
    plugins)
      case $2 in
        disable) echo "--all --offline --online" ;;
        enable) echo "--all --offline --online" ;;
        list) echo "--verbose --minimal --enabled --implicitly-enabled" ;;
        set) echo "--all --offline --online" ;;
        '') echo "autocomplete directories disable enable help is_enabled list set version" ;;
      esac ;;
    completion) if [ -z "$2" ]; then echo "bash zsh"; else echo ""; fi ;;
    config) if [ -z "$2" ]; then echo "show check --formatter --help --config --definitions --amqp-port --bind --amqps-port --http-port --https-port --metrics-port --tls-cert --tls-key --tls-ca --data-dir --memory --accept-loss --event-loops --transport --memory-share --memory-high-watermark --disk-free-limit --consumer-timeout --event-exchange --compatibility --default-user --default-pass --default-vhost --loopback-users --log-level --log-format"; else echo "--formatter --help --config --definitions --amqp-port --bind --amqps-port --http-port --https-port --metrics-port --tls-cert --tls-key --tls-ca --data-dir --memory --accept-loss --event-loops --transport --memory-share --memory-high-watermark --disk-free-limit --consumer-timeout --event-exchange --compatibility --default-user --default-pass --default-vhost --loopback-users --log-level --log-format"; fi ;;
    server) if [ -z "$2" ]; then echo "--config --definitions --amqp-port --bind --amqps-port --http-port --https-port --metrics-port --tls-cert --tls-key --tls-ca --data-dir --memory --accept-loss --event-loops --transport --memory-share --memory-high-watermark --disk-free-limit --consumer-timeout --event-exchange --compatibility --default-user --default-pass --default-vhost --loopback-users --log-level --log-format --help --version"; else echo "--config --definitions --amqp-port --bind --amqps-port --http-port --https-port --metrics-port --tls-cert --tls-key --tls-ca --data-dir --memory --accept-loss --event-loops --transport --memory-share --memory-high-watermark --disk-free-limit --consumer-timeout --event-exchange --compatibility --default-user --default-pass --default-vhost --loopback-users --log-level --log-format --help --version"; fi ;;
    store) if [ -z "$2" ]; then echo "info verify compact backup restore --data-dir --to --from --accept-loss --help"; else echo "--data-dir --to --from --accept-loss --help"; fi ;;
    tls) if [ -z "$2" ]; then echo "dev --dir --host --user --force --help"; else echo "--dir --host --user --force --help"; fi ;;
    admin)
      case $2:$3 in
        close:) echo "connection" ;;
        declare:) echo "exchange queue binding vhost user permission parameter policy operator_policy vhost_limit" ;;
        delete:) echo "exchange queue binding vhost user permission parameter policy operator_policy vhost_limit" ;;
        help:) echo "subcommands config" ;;
        list:) echo "connections channels consumers exchanges queues bindings users vhosts permissions nodes parameters policies operator_policies vhost_limits" ;;
        purge:) echo "queue" ;;
        show:) echo "overview" ;;
        close:connection) echo "name=" ;;
        declare:binding) echo "source= destination= destination_type= routing_key= arguments=" ;;
        declare:exchange) echo "name= type= auto_delete= durable= internal= arguments=" ;;
        declare:operator_policy) echo "name= pattern= definition= priority= apply-to=" ;;
        declare:parameter) echo "component= name= value=" ;;
        declare:permission) echo "vhost= user= configure= write= read=" ;;
        declare:policy) echo "name= pattern= definition= priority= apply-to=" ;;
        declare:queue) echo "name= auto_delete= durable= arguments= node= queue_type=" ;;
        declare:user) echo "name= password= password_hash= tags= hashing_algorithm=" ;;
        declare:vhost) echo "name= tracing=" ;;
        declare:vhost_limit) echo "vhost= name= value=" ;;
        delete:binding) echo "source= destination_type= destination= properties_key=" ;;
        delete:exchange) echo "name=" ;;
        delete:operator_policy) echo "name=" ;;
        delete:parameter) echo "component= name=" ;;
        delete:permission) echo "vhost= user=" ;;
        delete:policy) echo "name=" ;;
        delete:queue) echo "name=" ;;
        delete:user) echo "name=" ;;
        delete:vhost) echo "name=" ;;
        delete:vhost_limit) echo "vhost= name=" ;;
        get:*) echo "queue= count= ackmode= payload_file= encoding=" ;;
        publish:*) echo "routing_key= payload= properties= exchange= payload_encoding=" ;;
        purge:queue) echo "name=" ;;
        :) echo "close declare delete help list purge show publish get export import" ;;
      esac ;;
  esac
}

_harvey() {
  local tool command kind i word words valued=
  local current=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]}
  COMPREPLY=()
  # bash takes option=value for three words
  if [ "$current" = "=" ]; then
    current= valued=1
  elif [ "$before" = "=" ]; then
    before=${COMP_WORDS[COMP_CWORD - 2]} valued=1
  fi
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
  case $tool:$before in
    admin:-f|admin:--format) words="raw_json pretty_json tsv long table kvp bash" ;;
    admin:*) words= ;;
    *:--formatter) words="table pretty_table json csv" ;;
  esac
  if [ -n "$words" ]; then
    COMPREPLY=($(compgen -W "$words" -- "$current"))
    return
  fi
  if [ -n "$valued" ]; then return; fi
  case $tool in -*) tool=server ;; esac
  case $tool in
    ctl|diagnostics|plugins|admin) ;;
    *) case $before,$current in
         *,-*) ;;
         -*,*) return ;;
       esac
       if [ "$COMP_CWORD" -gt "$i" ]; then command=${COMP_WORDS[i]}; fi
       case $command,$current in
         -*) command= ;;
         ?*,-*|,*) ;;
         *) return ;;
       esac
       COMPREPLY=($(compgen -W "$(_harvey_words "$tool" "$command")" -- "$current"))
       return ;;
  esac
  while [ "$i" -lt "$COMP_CWORD" ]; do
    word=${COMP_WORDS[i]}
    case $tool:$word in
      admin:-c|admin:--config|admin:-N|admin:--node|admin:-H|admin:--host|admin:-P|admin:--port|admin:--path-prefix|admin:-V|admin:--vhost|admin:-u|admin:--username|admin:-p|admin:--password|admin:-U|admin:--base-uri|admin:--ssl-key-file|admin:--ssl-cert-file|admin:--ssl-ca-cert-file|admin:-t|admin:--request-timeout|admin:-f|admin:--format|admin:-S|admin:--sort|admin:-d|admin:--depth|*:-n|*:-p|*:-t|*:--node|*:--vhost|*:--timeout|*:--formatter|*:--data-dir|*:--config|*:--uri)
        if [ "${COMP_WORDS[i + 1]}" = "=" ]; then i=$((i + 1)); fi
        i=$((i + 1))
        if [ "$i" -eq "$COMP_CWORD" ]; then return; fi ;;
      *:-*) ;;
      *) if [ -n "$command" ]; then kind=$word; break; fi
         command=$word ;;
    esac
    i=$((i + 1))
  done
  if [ "$tool:$command" != admin:help ] && [ "$command" = help ]; then command= kind=; fi
  words="$(_harvey_words "$tool" "$command" "$kind")"
  case $tool:$current in
    admin:-*) words="--help --config --node --host --port --path-prefix --vhost --username --password --base-uri --quiet --ssl --ssl-key-file --ssl-cert-file --ssl-ca-cert-file --ssl-disable-hostname-verification --ssl-insecure --request-timeout --format --sort --sort-reverse --depth --bash-completion --version" ;;
    *:-*) words="$words --node --quiet --silent --timeout --longnames --vhost --formatter --no-table-headers --table-headers --help --version --script-name --data-dir --config --uri" ;;
  esac
  words=" $words "
  if [ "$tool" = admin ]; then
    for word in "${COMP_WORDS[@]:0:COMP_CWORD}"; do words=${words/" ${word%%=*}= "/ }; done
  fi
  COMPREPLY=($(compgen -W "$words" -- "$current"))
  case ${COMPREPLY[0]} in *=) compopt -o nospace 2> /dev/null ;; esac
}
complete -o default -F _harvey harvey rabbitmqctl rabbitmq-diagnostics rabbitmq-plugins rabbitmqadmin
