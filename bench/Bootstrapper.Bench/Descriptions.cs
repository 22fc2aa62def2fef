using System.Globalization;
using System.Text;

namespace Bootstrapper.Bench;

/// <summary>Descriptions of any size, as an operator with that many machines would have written them.</summary>
internal static class Descriptions
{
    /// <summary>The first node's address is that of <c>lo</c>'s second one: the bench asks as that node.</summary>
    public static string WithNodes(int count, int httpPort)
    {
        var text = new StringBuilder(string.Create(CultureInfo.InvariantCulture, $"""
            bootstrapper: 127.0.0.1
            subnet: 127.0.0.0/8
            dhcp: off
            http_port: {httpPort}
            https_port: {httpPort + 1}
            registry_port: {httpPort + 2}
            domainname: rack.example.com
            ssh_authorized_keys: |
              ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIExampleExampleExampleExampleExampleExample0 bench
            nodes:

            """));
        foreach (var number in Enumerable.Range(1, count))
        {
            text.Append(CultureInfo.InvariantCulture, $"""
                - mac: "52:54:00:{number >> 16 & 0xff:x2}:{number >> 8 & 0xff:x2}:{number & 0xff:x2}"
                  hostname: node-{number}
                  ip: 127.1.{number >> 8}.{number & 0xff}
                  kube_master: {(number <= 3 ? "y" : "n")}
                  etcd_member: {(number <= 3 ? "y" : "n")}

                """);
        }

        return text.ToString();
    }

    /// <summary>A rack with DHCP of its own, in a network of its own.</summary>
    /// <param name="dhcpServer">As the key of that name.</param>
    public static string OfRack(int count, string dhcpServer)
    {
        var text = new StringBuilder($"""
            bootstrapper: 10.201.0.1
            subnet: 10.201.0.0/16
            iplow: 10.201.100.1
            iphigh: 10.201.200.250
            dhcp_server: {dhcpServer}
            domainname: rack.example.com
            unknown_nodes: discover
            ssh_authorized_keys: |
              ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIExampleExampleExampleExampleExampleExample0 bench
            nodes:

            """);
        foreach (var number in Enumerable.Range(0, count))
        {
            var master = number < 3 ? "y" : "n";
            text.Append(CultureInfo.InvariantCulture, $"""
                - mac: "52:54:00:{number >> 16 & 0xff:x2}:{number >> 8 & 0xff:x2}:{number & 0xff:x2}"
                  hostname: node-{number}
                  ip: 10.201.{1 + (number / 250)}.{1 + (number % 250)}
                  kube_master: {master}
                  etcd_member: {master}

                """);
        }

        return text.ToString();
    }
}
