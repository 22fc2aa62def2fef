using Bootstrapper.Cli;
using Bootstrapper.Tests.Support;

namespace Bootstrapper.Tests.Cli;

public sealed class UnknownCommandTests : IDisposable
{
    private const string Description = """
        bootstrapper: 10.10.10.1
        subnet: 10.10.10.0/24
        iplow: 10.10.10.3
        iphigh: 10.10.10.199
        nodes:
          - {mac: "52:54:00:00:00:01", ip: 10.10.10.2, kube_master: y, etcd_member: y}

        """;

    private const string Leases = """
        0 52:54:00:00:00:01 10.10.10.2 n1 *
        0 52:54:00:00:00:08 10.10.10.20 * *
        0 52:54:00:00:00:07 10.10.10.10 * *
        1 52:54:00:00:00:06 10.10.10.11 * *

        """;

    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void Machines_that_nobody_described_are_listed_as_nodes_with_a_free_address()
    {
        Prepare();
        Assert.Equal(
            "  - { mac: \"52:54:00:00:00:07\", ip: 10.10.10.200 }\n  - { mac: \"52:54:00:00:00:08\", ip: 10.10.10.201 }\n",
            Run());
    }

    [Fact]
    public void Where_there_is_a_list_of_pxe_coreos_they_are_listed_for_that()
    {
        Prepare();
        _directory.Write("default.yaml", "#cloud-config\nhostname: x\n");
        _directory.Write("pxe_hosts.json", """{ "hosts": { "10.10.10.200": { "macaddr": "52:54:00:00:00:07" } } }""");
        Assert.Equal(
            "    \"10.10.10.201\": { \"macaddr\": \"52:54:00:00:00:08\", \"$hostname\": \"52-54-00-00-00-08\", "
                + "\"channel\": \"stable\" },\n", Run());
    }

    [Fact]
    public void Programs_are_told_each_with_its_address()
    {
        Prepare();
        Assert.Equal(
            "- mac: \"52:54:00:00:00:07\"\n  ip: 10.10.10.200\n- mac: \"52:54:00:00:00:08\"\n  ip: 10.10.10.201\n",
            Run("-o", "yaml"));
    }

    private void Prepare()
    {
        _directory.Write("cluster-desc.yml", Description);
        Directory.CreateDirectory(Path.Combine(_directory.Path, "dnsmasq"));
        _directory.Write("dnsmasq/leases", Leases);
    }

    private string Run(params string[] more)
    {
        var (output, error) = (new StringWriter(), new StringWriter());
        var exitCode = CommandLine.Create().Parse(["unknown", "--bsroot", _directory.Path, .. more])
            .Invoke(new() { Output = output, Error = error });
        Assert.Equal((ExitCode.Success, ""), (exitCode, error.ToString()));
        return output.ToString();
    }
}
