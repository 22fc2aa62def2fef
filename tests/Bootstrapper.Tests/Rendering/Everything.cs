using Bootstrapper.Rendering.Configs;

namespace Bootstrapper.Tests.Rendering;

/// <summary>A cloud-config with every key that there is, each in the ways in which it may be written.</summary>
internal static class Everything
{
    public const string CloudConfig = """
        #cloud-config
        hostname: everything
        manage_etc_hosts: localhost
        ssh_authorized_keys:
          - 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIExampleExampleExampleExampleExampleExample0 operator "one" # : ünï'
        users:
          - name: core
            ssh_authorized_keys: [ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIExampleExampleExampleExampleExampleExample0 second]
          - name: elroy
            passwd: $6$salt$hash
            gecos: Elroy J.
            homedir: /home/e
            groups: [wheel, docker]
            primary_group: users
            no_user_group: true
            no_log_init: y
            shell: /bin/bash
            ssh_authorized_keys: [ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIExampleExampleExampleExampleExampleExample0 elroy]
          - name: service-account
            system: yes
            no_create_home: true
        write_files:
          - path: /etc/plain
            content: |
              one: "two" # three
                four {{five}} ☃
          - path: /opt/bin/run
            permissions: 0755
            owner: core:docker
            content: "#!/bin/sh\n"
          - path: /etc/by-number
            permissions: '0640'
            owner: 500:27
          - {path: /etc/binary, permissions: "600", encoding: base64, content: "AAEC\n/v8="}
          - {path: /etc/packed, encoding: gzip+base64, content: H4sIAAAAAAAC/8tIzcnJVyjPL8pJ4QIALTsIrwwAAAA=}
        coreos:
          update:
            reboot_strategy: off
            group: stable
            server: https://updates.example.com/v1/update/
          locksmith:
            window_start: Thu 04:00
            window_length: 1h30m
          units:
            - name: started.service
              command: start
              content: |
                [Unit]
                Description=Starts, and says that by itself
                [Service]
                ExecStart=/bin/true
                [Install]
                WantedBy=multi-user.target
            - name: wanted.service
              command: restart
              runtime: true
              content: "[Service]\nExecStart=/bin/true\n"
            - name: timer.timer
              enable: true
              content: "[Timer]\nOnBootSec=1\n[Install]\nWantedBy=timers.target\n"
            - name: docker.service
              command: start
              drop_ins:
                - name: 10-mirror.conf
                  content: |
                    [Service]
                    Environment="A=b"
                - name: 20-none.conf
                  content: "[Unit]\n"
            - name: locksmithd.service
              command: stop
            - name: update-engine.service
              mask: true
              command: stop
            - name: 00-eth.network
              command: restart
              content: "[Match]\nName=eth*\n[Network]\nDHCP=yes\n"
              drop_ins: [{name: mtu.conf, content: "[Link]\nMTUBytes=9000\n"}]
            - name: bond0.netdev
              content: "[NetDev]\nName=bond0\nKind=bond\n"
        """;

    public static NodeConfig Config { get; } =
        CloudConfigReader.Read(CloudConfig + "\n").Config ?? throw new InvalidOperationException("Everything has a mistake");
}
