using System.Net;
using System.Text.Json.Nodes;

namespace Bootstrapper.Tests.Matchbox;

/// <summary>matchbox' routes, from its documentation: the expected bytes are written by hand and for its own configs.</summary>
public sealed class MatchboxContractTests(MatchboxFixture fixture) : IClassFixture<MatchboxFixture>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_root_says_what_answers() => Assert.Equal("matchbox\n", await GetAsync("/"));

    [Fact]
    public async Task An_iPXE_script_has_the_profiles_words() => Assert.Equal(
        "#!ipxe\nkernel /assets/k console=ttyS0 quiet\ninitrd /assets/a.img\ninitrd /assets/b.img\nboot\n",
        await GetAsync("/ipxe?mac=52-54-00-a1-9c-01&os=installed"));

    [Fact]
    public async Task What_iPXE_itself_fills_in_is_left_to_it() => Assert.Equal(
        "#!ipxe\n"
        + "kernel /assets/flatcar/4593.2.5/flatcar_production_pxe.vmlinuz initrd=main "
        + "flatcar.config.url=http://10.0.0.1:8080/ignition?uuid=${uuid}&mac=${mac:hexhyp} flatcar.first_boot=yes\n"
        + "initrd --name main /assets/flatcar/4593.2.5/flatcar_production_pxe_image.cpio.gz\n"
        + "boot\n",
        await GetAsync("/ipxe"));

    [Fact]
    public async Task A_GRUB_menu_has_an_entry_for_EFI_and_one_for_BIOS_and_the_profiles_words()
    {
        var menu = await GetAsync("/grub?region=us-central1");
        Assert.StartsWith("default=0\nfallback=1\ntimeout=1\nmenuentry ", menu, StringComparison.Ordinal);
        Assert.Contains(
            "linuxefi \"(http;10.0.0.1:8080)/assets/k\" id=${net_default_mac} \"two words\"\n", menu, StringComparison.Ordinal);
        Assert.Contains("initrdefi \"(http;10.0.0.1:8080)/assets/i\"\n", menu, StringComparison.Ordinal);
        Assert.Contains(
            "linux \"(http;10.0.0.1:8080)/assets/k\" id=${net_default_mac} \"two words\"\n", menu, StringComparison.Ordinal);
        Assert.Contains("initrd \"(http;10.0.0.1:8080)/assets/i\"\n", menu, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_Butane_template_becomes_Ignition()
    {
        using var response = await fixture.Client.GetAsync("/ignition?mac=52-54-00-a1-9c-01&os=installed", Cancellation);
        Assert.Equal("application/json", response.Content.Headers.ContentType?.ToString());
        Same("""
            {
              "ignition": {"version": "3.4.0"},
              "storage": {
                "disks": [{"device": "/dev/sda", "wipeTable": true, "partitions": [{"label": "etcd", "sizeMiB": 2048}]}],
                "directories": [{"path": "/var/lib/etcd", "mode": 448, "user": {"id": 500}}],
                "files": [{"path": "/etc/hostname", "contents": {"source": "data:,node1.example.com"}}]
              },
              "passwd": {"users": [{"name": "core", "sshAuthorizedKeys": ["ssh-ed25519 AAAA one", "ssh-ed25519 BBBB two"]}]}
            }
            """, await response.Content.ReadAsStringAsync(Cancellation));
    }

    [Fact]
    public async Task A_template_sees_the_query_as_it_came()
    {
        var config = JsonNode.Parse(await GetAsync("/ignition?mac=52-54-00-ff-00-01&x=a%20b"))!;
        var file = config["storage"]!["files"]![0]!;
        Assert.Equal(320, file["mode"]!.GetValue<int>());
        Assert.Equal(
            "curl \"http://10.0.0.1:8080/ignition?mac=52-54-00-ff-00-01&x=a%20b&os=installed\" -o ignition.json\n"
                + "flatcar-install -C stable -i ignition.json\n",
            Uri.UnescapeDataString(file["contents"]!["source"]!.GetValue<string>()["data:,".Length..]));
    }

    [Fact]
    public async Task An_Ignition_config_is_given_as_it_is_in_the_version_that_matchbox_gives() => Same(
        """
        {"ignition": {"version": "3.4.0"},
         "storage": {"files": [{"path": "/etc/pool", "contents": {"source": "data:,fixed"}}]}}
        """,
        await GetAsync("/ignition?os=installed"));

    [Theory]
    [InlineData("/cloud?hostname=gpu7", "#cloud-config\nhostname: worker\nwrite_files:\n  - path: /etc/pool\n    content: gpu\n")]
    [InlineData("/cloud?region=us-central1", "#!/bin/sh\necho zone a many\n")]
    [InlineData("/cloud?region=us-central1&role=storage", "#!/bin/sh\necho zone b storage\n")]
    [InlineData("/generic?mac=525400a19c02&os=installed", "name=node2\npeer0=node1=https://node1.example.com:2380\n"
        + "peer1=node2=https://node2.example.com:2380\nport=2379 of node2\n")]
    [InlineData("/generic?mac=52:54:00:a1:9c:aa", "name=lone\nalone\nno etcd\n")]
    [InlineData(
        "/generic?region=us-central1&note=a%20b%22",
        "{\"uuid\": \"\", \"zone\": \"a\", \"q\": \"a+b%22\", \"js\": \"a b\\\"\"}\n")]
    [InlineData("/generic", "osInstalled: false\n")]
    public async Task Templates_are_rendered_with_metadata_selectors_and_query(string url, string expected) =>
        Assert.Equal(expected, await GetAsync(url));

    [Fact]
    public async Task Metadata_are_lines_for_a_shell_without_lists()
    {
        using var response = await fixture.Client.GetAsync("/metadata?mac=52-54-00-a1-9c-01&os=installed", Cancellation);
        Assert.Equal("plain/text", response.Content.Headers.ContentType?.ToString());
        Assert.Equal(
            """
            DOMAIN=node1.example.com
            ETCD_LEARNER=false
            ETCD_NESTED_DEEP=x
            ETCD_PORT=2379
            MAC=52:54:00:a1:9c:01
            NAME=node1
            OS=installed
            REQUEST_QUERY_MAC=52:54:00:a1:9c:01
            REQUEST_QUERY_OS=installed
            REQUEST_RAW_QUERY=mac=52-54-00-a1-9c-01&os=installed

            """,
            await response.Content.ReadAsStringAsync(Cancellation));
    }

    [Theory]
    [InlineData("hostname=gpu7", "POOL=gpu\n")]
    [InlineData("serial=ABC123", "POOL=serial\n")]
    [InlineData("uuid=1cff2cd8-f00a-42c8-9426-f55e6a1847f6", "POOL=uuid\n")]
    [InlineData("os=installed", "POOL=general\n")]
    [InlineData("os=installed&mac=5254.00a1.9c03", "NAME=node3\n")]
    [InlineData("os=installed&mac=52:54:00:A1:9C:03", "NAME=node3\n")]
    [InlineData("mac=52:54:00:a1:9c:03", "CHANNEL=stable\n")]
    [InlineData("region=us-central1", "ZONE=a\n")]
    [InlineData("region=us-central1&role=storage", "ZONE=b\n")]
    [InlineData("region=us-central1&role=storage&os=installed", "ZONE=b\n")]
    [InlineData("mac=no-mac", "CHANNEL=stable\n")]
    [InlineData("region=elsewhere", "CHANNEL=stable\n")]
    [InlineData("region=us-central1", "BIG=1e+06\n")]
    [InlineData("os=installed&os=other", "POOL=general\n")]
    public async Task The_group_with_the_most_labels_that_match_wins_and_the_one_without_labels_comes_last(
        string query, string expected) =>
        Assert.Contains(expected, await GetAsync($"/metadata?{query}"), StringComparison.Ordinal);

    [Theory]
    [InlineData("/ipxe?os=installed")] // the profile boots nothing
    [InlineData("/cloud")] // names no cloud-config
    [InlineData("/generic?region=us-central1")] // the template wants a parameter
    [InlineData("/assets/flatcar/nothing")]
    [InlineData("/assets/..%2fgroups/default.json")]
    [InlineData("/ipxe.sig")] // no key
    [InlineData("/metadata.asc")]
    public async Task What_a_profile_does_not_have_is_not_found(string url)
    {
        using var response = await fixture.Client.GetAsync(url, Cancellation);
        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
    }

    [Fact]
    public async Task Assets_are_served_and_listed()
    {
        Assert.Equal("a kernel", await GetAsync("/assets/flatcar/4593.2.5/flatcar_production_pxe.vmlinuz"));
        Assert.Equal("<pre>\n<a href=\"flatcar/\">flatcar/</a>\n</pre>\n", await GetAsync("/assets/"));
    }

    [Theory]
    [InlineData("/ipxe?mac=52-54-00-00-00-01", "install.sh?mac=52:54:00:00:00:01")]
    [InlineData("/grub?mac=525400000001", "install.sh?mac=52:54:00:00:00:01")]
    public async Task A_node_of_the_description_is_none_of_matchbox(string url, string expected) =>
        Assert.Contains(expected, await GetAsync(url), StringComparison.Ordinal);

    [Fact]
    public async Task A_nodes_metadata_are_for_the_node_alone()
    {
        using var node = fixture.Daemon.From("127.0.0.2");
        Assert.StartsWith(
            "CHANNEL=stable\nHOSTNAME=n1\nIP=127.0.0.2\nMAC=52:54:00:00:00:01\nREQUEST_RAW_QUERY=\n",
            await node.GetStringAsync("/metadata", Cancellation),
            StringComparison.Ordinal);
        using var refused = await fixture.Client.GetAsync("/metadata?hostname=n1", Cancellation);
        Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
    }

    private Task<string> GetAsync(string url) => fixture.Client.GetStringAsync(url, Cancellation);

    private static void Same(string expected, string actual) =>
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(expected), JsonNode.Parse(actual)), actual);
}
