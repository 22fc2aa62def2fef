using Bootstrapper.Bundles;
using Bootstrapper.InForce;
using Bootstrapper.Matchbox;
using Bootstrapper.Rendering;

namespace Bootstrapper.Tests.Bundles;

/// <summary>A matchbox directory and pxe_coreos' hosts travel too, and what they name is missed where it is not there.</summary>
[Trait("Category", "Slow")]
public sealed class BundledAncestorsTests : IDisposable
{
    private readonly BundleFixture _fixture = BundleFixture.Create();

    public BundledAncestorsTests()
    {
        _fixture.Put(
            "matchbox/groups/etcd.json",
            """{"profile": "etcd", "selector": {"mac": "52:54:00:00:00:77"}, "metadata": {"tool": "tool-1"}}""");
        _fixture.Put("matchbox/profiles/etcd.json", """
            {"boot": {"kernel": "/assets/k", "initrd": ["--name main /assets/a.img"],
                      "args": ["initrd=main", "config.url=http://10.10.10.1/ignition?mac=${mac}"]},
             "ignition_id": "etcd.yaml", "cloud_id": "etcd.sh", "generic_id": "answers"}
            """);
        _fixture.Put("matchbox/ignition/etcd.yaml", """
            variant: flatcar
            version: 1.0.0
            storage:
              files:
                - path: /opt/fetch
                  contents: {inline: "curl http://bootstrapper/assets/{{.tool}}\n"}
            """);
        _fixture.Put("matchbox/cloud/etcd.sh", "#!/bin/sh\ncurl http://bootstrapper/assets/{{.request.query.os}}/x\n");
        _fixture.Put("matchbox/generic/answers", "nothing but text\n");
        foreach (var asset in new[] { "k", "a.img", "tool-1", "installed/x" })
        {
            _fixture.Put($"matchbox/assets/{asset}", asset);
        }

        _fixture.Put(
            "pxe_hosts.json",
            """
            {"common": {"$greeting": "hello"},
             "hosts": {"10.10.10.21": {"macaddr": "52:54:00:00:00:21", "$hostname": "p1", "template": "memory"}}}
            """);
        _fixture.Put("memory.yaml", "#cloud-config\nhostname: $hostname\nwrite_files:\n  - path: /etc/motd\n"
            + "    content: $greeting from http://bootstrapper/static/motd\n");
    }

    public void Dispose() => _fixture.Dispose();

    [Fact]
    public async Task They_are_carried_proved_and_served_from_where_they_were_loaded()
    {
        var bundle = await _fixture.BundleAsync();
        Assert.Empty(await BundleFixture.VerifyAsync(bundle));
        Assert.Equal(["n1", "n2", "p1"], BundleManifest.Read(Tar.Content(bundle, BundlePath.Manifest)).Nodes);

        await _fixture.LoadAsync(bundle);
        var group = MatchboxReader.Read(_fixture.Elsewhere).Directory!.Find(MachineRequest.Parse("mac=52:54:00:00:00:77"))!;
        Assert.Contains(
            "assets/tool-1",
            string.Join('\n', IgnitionTexts.Of(group.Profile.Ignition!.Render(group.Variables(request: null)))),
            StringComparison.Ordinal);
        var host = SnapshotLoader.Load(_fixture.Elsewhere, _fixture.Elsewhere.Description).Snapshot!;
        Assert.Contains(
            "hello from", host.CloudConfig(host.Nodes.FindByHostName("p1")!, NodeSecrets.Specimen), StringComparison.Ordinal);
        Assert.Equal("k", BundleFixture.Text(_fixture.Elsewhere.At("matchbox/assets/k")));
    }

    [Theory]
    [InlineData("matchbox/assets/k", "matchbox/assets/k is missing: needed by group etcd (matchbox/profiles/etcd.json)")]
    [InlineData("matchbox/assets/a.img", "matchbox/assets/a.img is missing: needed by group etcd (matchbox/profiles/etcd.json)")]
    [InlineData(
        "matchbox/assets/tool-1", "matchbox/assets/tool-1 is missing: needed by group etcd (matchbox/ignition/etcd.yaml)")]
    [InlineData("matchbox/profiles/etcd.json", "matchbox/groups/etcd.json:1:13: error: there is no file profiles/etcd.json")]
    [InlineData("matchbox/ignition/etcd.yaml", "matchbox/profiles/etcd.json:3:17: error: there is no file ignition/etcd.yaml")]
    [InlineData("matchbox/cloud/etcd.sh", "matchbox/profiles/etcd.json:3:42: error: there is no file cloud/etcd.sh")]
    [InlineData("matchbox/generic/answers", "matchbox/profiles/etcd.json:3:67: error: there is no file generic/answers")]
    [InlineData("memory.yaml", "memory.yaml: error: ")]
    [InlineData("www/static/motd", "www/static/motd is missing: needed by n2 (motd.service), p1 (/etc/motd)")]
    public async Task What_they_name_and_is_not_there_is_told_with_who_names_it(string path, string problem)
    {
        _fixture.Remove(path);
        var refusal = await Assert.ThrowsAsync<BundleException>(() => _fixture.BundleAsync());
        Assert.Contains(refusal.Problems, line => line.StartsWith(problem, StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_depends_on_the_request_must_have_something_where_it_begins()
    {
        Directory.Delete(_fixture.Bsroot.At("matchbox/assets"), recursive: true);
        var refusal = await Assert.ThrowsAsync<BundleException>(() => _fixture.BundleAsync());
        Assert.Contains(
            "there is nothing below matchbox/assets/: needed by group etcd (matchbox/cloud/etcd.sh)", refusal.Problems);
    }

    [Theory]
    [InlineData(
        "profiles/spare.json",
        """{"boot": {"kernel": "/assets/none"}}""",
        "matchbox/assets/none is missing: needed by no group (matchbox/profiles/spare.json)")]
    [InlineData(
        "profiles/spare.json",
        """{"boot": {"kernel": "http://mirror.example.org/k"}}""",
        "http://mirror.example.org/k is not in the rack: needed by no group (matchbox/profiles/spare.json)")]
    [InlineData("profiles/spare.json", """{"boot": {"kernel": "/assets/${version}/k"}}""", null)]
    [InlineData(
        "profiles/spare.json",
        """{"boot": {"kernel": "/none/${version}/k"}}""",
        "there is nothing below www/none/: needed by no group (matchbox/profiles/spare.json)")]
    [InlineData(
        "boot/default",
        """{"kernel": "/static/none"}""",
        "www/static/none is missing: needed by default (matchbox/boot/default)")]
    [InlineData(
        "cloud/default",
        "#cloud-config\n# http://bootstrapper/static/none\nhostname: http://bootstrapper/static/none2\n",
        "www/static/none2 is missing: needed by default (matchbox/cloud/default)")]
    public async Task Profiles_of_no_group_and_bootcfgs_first_store_are_held_to_the_same(
        string file, string content, string? problem)
    {
        _fixture.Put($"matchbox/{file}", content);
        if (problem is null)
        {
            await _fixture.BundleAsync();
        }
        else
        {
            Assert.Equal([problem], (await Assert.ThrowsAsync<BundleException>(() => _fixture.BundleAsync())).Problems);
        }
    }

    [Fact]
    public async Task An_asset_may_lie_in_either_place_and_behind_a_link()
    {
        _fixture.Remove("matchbox/assets/k");
        _fixture.Put("www/assets/k", "k");
        _fixture.Remove("matchbox/assets/a.img");
        _fixture.Put("matchbox/assets/1.0/a.img", "a");
        File.CreateSymbolicLink(_fixture.Bsroot.At("matchbox/assets/a.img"), "1.0/a.img");
        File.Move(_fixture.Bsroot.At("matchbox/ignition/etcd.yaml"), _fixture.Bsroot.At("matchbox/ignition/etcd-1.yaml"));
        File.CreateSymbolicLink(_fixture.Bsroot.At("matchbox/ignition/etcd.yaml"), "etcd-1.yaml");
        Assert.Empty(await BundleFixture.VerifyAsync(await _fixture.BundleAsync()));
    }

    [Theory]
    [InlineData("matchbox/assets/tls/client.pem")]
    [InlineData("matchbox/ignition/own.ign")]
    [InlineData("pxe_hosts.json")]
    [InlineData("memory.yaml")]
    public async Task A_private_key_among_them_is_refused_by_name(string path)
    {
        var before = File.Exists(_fixture.Bsroot.At(path)) ? BundleFixture.Text(_fixture.Bsroot.At(path)) : "";
        BundleFixture.Write(
            _fixture.Bsroot.At(path), before + "\n# -----BEGIN PRIVATE KEY-----\n# AAAA\n# -----END PRIVATE KEY-----\n");
        var refusal = await Assert.ThrowsAsync<BundleException>(() => _fixture.BundleAsync());
        Assert.Contains(refusal.Problems, problem => problem.StartsWith($"{path} holds a private key", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("matchbox/groups/etcd.json")]
    [InlineData("pxe_hosts.json")]
    [InlineData("memory.yaml")]
    public async Task What_an_operator_wrote_in_the_rack_is_not_overwritten_unasked(string path)
    {
        var bundle = await _fixture.BundleAsync();
        BundleFixture.Write(_fixture.Elsewhere.At(path), "mine");
        var refusal = await Assert.ThrowsAsync<BundleException>(() => _fixture.LoadAsync(bundle));
        Assert.StartsWith($"{path} is there already and differs", Assert.Single(refusal.Problems), StringComparison.Ordinal);
        await _fixture.LoadAsync(bundle, leave: new LoadLeave(Overwrite: true));
        Assert.NotEqual("mine", BundleFixture.Text(_fixture.Elsewhere.At(path)));
    }

    [Fact]
    public async Task What_was_lost_on_the_way_is_told_by_the_bundle_alone()
    {
        var bundle = await _fixture.BundleAsync();
        Tar.Without(bundle, _fixture.At("torn.tar"), "matchbox/assets/k");
        Assert.Contains(await BundleFixture.VerifyAsync(_fixture.At("torn.tar")), problem => problem.StartsWith(
            "matchbox/assets/k is missing: needed by group etcd (matchbox/profiles/etcd.json)", StringComparison.Ordinal));
    }
}
