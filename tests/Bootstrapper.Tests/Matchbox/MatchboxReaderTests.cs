using Bootstrapper.Matchbox;
using Bootstrapper.Model;
using Bootstrapper.Rendering;
using Bootstrapper.Tests.Support;

namespace Bootstrapper.Tests.Matchbox;

/// <summary>Directories with one thing wrong in them.</summary>
public sealed class MatchboxReaderTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    private Bsroot Root => new(_directory.Path);

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void Without_a_directory_there_is_nothing_and_nothing_is_wrong()
    {
        var reading = MatchboxReader.Read(Root);
        Assert.Null(reading.Directory);
        Assert.Empty(reading.Problems);
    }

    [Fact]
    public void Where_the_directory_is_something_else_it_is_told()
    {
        File.CreateSymbolicLink(Root.Matchbox, "/nowhere/mounted");
        Assert.StartsWith(
            "matchbox: error: is a link to /nowhere/mounted, and no directory is there",
            Assert.Single(MatchboxReader.Read(Root).Problems).Format("cluster-desc.yml"),
            StringComparison.Ordinal);
        File.Delete(Root.Matchbox);
        _directory.Write(Bsroot.MatchboxName, "");
        Assert.StartsWith(
            "is not a directory", Assert.Single(MatchboxReader.Read(Root).Problems).Message, StringComparison.Ordinal);
    }

    /// <summary>As Go's net.ParseMAC.</summary>
    [Theory]
    [InlineData("00-25-90-C0-F7-80", "00:25:90:c0:f7:80")]
    [InlineData("02:00:5E:10:00:00:00:01", "02:00:5e:10:00:00:00:01")]
    [InlineData("0200.5e10.0000.0001", "02:00:5e:10:00:00:00:01")]
    [InlineData(
        "00-00-00-00-FE-80-00-00-00-00-00-00-02-00-5E-10-00-00-00-01",
        "00:00:00:00:fe:80:00:00:00:00:00:00:02:00:5e:10:00:00:00:01")]
    [InlineData(
        "0000.0000.fe80.0000.0000.0000.0200.5e10.0000.0001", "00:00:00:00:fe:80:00:00:00:00:00:00:02:00:5e:10:00:00:00:01")]
    [InlineData("01-00-25-90-C0-F7-80", "00:25:90:c0:f7:80")]
    [InlineData("01-02-5e-10-00-00-00", "02:5e:10:00:00:00")]
    [InlineData("0002c903001a2b3c", "00:02:c9:03:00:1a:2b:3c")]
    [InlineData("002590c0f780", "00:25:90:c0:f7:80")]
    [InlineData("0002c903001a2b", null)]
    [InlineData("${net0/mac}", null)]
    [InlineData("02:00:5e:10:00:00:00", null)]
    [InlineData("02:00:5e:10:00:00:00:01:02", null)]
    [InlineData("02:00:5e:10:00:00:00-01", null)]
    [InlineData("0200.5e10.0000.01", null)]
    [InlineData("", null)]
    public void A_mac_may_be_of_Ethernet_or_InfiniBand(string written, string? expected)
    {
        Assert.Equal(expected, HardwareAddress.Normal(written));
        Assert.Equal(expected, MachineRequest.Parse($"mac={written}").Labels.GetValueOrDefault("mac"));
    }

    [Fact]
    public void A_group_of_an_InfiniBand_card_is_found()
    {
        const string Address = "00:00:00:00:fe:80:00:00:00:00:00:00:02:00:5e:10:00:00:00:01";
        Bsroot.Write(Root.At("matchbox/profiles/p.json"), """{"boot": {"kernel": "/assets/k"}}""");
        Bsroot.Write(Root.At("matchbox/groups/g.json"), $$$"""{"profile": "p", "selector": {"mac": "{{{Address}}}"}}""");
        var directory = MatchboxReader.Read(Root).Directory!;
        var asked = MachineRequest.Parse($"mac={Address.Replace(':', '-').ToUpperInvariant()}");
        Assert.Equal("/assets/k", directory.Boot(asked)?.Kernel);
        Assert.Null(directory.Boot(MachineRequest.Parse("mac=02:00:5e:10:00:00:00:01")));
    }

    [Theory]
    [InlineData("groups/x.json", "{", "matchbox/groups/x.json:1:2: error: is not JSON")]
    [InlineData(
        "groups/x.json",
        "{\n \"selector\": {\"a\": 1}}",
        "matchbox/groups/x.json:1:1: error: profile is required")]
    [InlineData(
        "groups/x.json",
        "{\"profile\": \"p\",\n \"selector\": {\"a\": \"1\", \"os\": 1}}",
        "matchbox/groups/x.json:2:31: error: selector.os must be text: write \"1\"")]
    [InlineData(
        "groups/x.json",
        """{"profile": "p", "metadata": {"selector": {"os": 2}}, "selector": {"os": null}}""",
        "matchbox/groups/x.json:1:74: error: selector.os must be text")]
    [InlineData(
        "groups/x.json",
        "{\n \"selector\": [1]}",
        "matchbox/groups/x.json:2:15: error: selector is not what it should be, or what follows is not JSON")]
    [InlineData("groups/x.json", "{}", "matchbox/groups/x.json:1:1: error: profile is required")]
    [InlineData(
        "groups/x.json",
        """{"profile": "nowhere"}""",
        "matchbox/groups/x.json:1:13: error: there is no file profiles/nowhere.json")]
    [InlineData(
        "groups/x.json",
        """{"profile": "../../x"}""",
        "matchbox/groups/x.json:1:13: error: there is no file profiles/../../x.json")]
    [InlineData(
        "groups/x.json",
        """{"profile": "p", "selector": {"mac": "zz"}}""",
        "matchbox/groups/x.json:1:38: error: selector.mac: zz is not a MAC address")]
    [InlineData(
        "groups/x.json",
        """{"profile": "p", "metadata": {}}""",
        "matchbox/generic/g:2:3: error: group x: there is no value named name")]
    [InlineData(
        "profiles/y.json",
        """{"ignition_id": "../profiles/y.json"}""",
        "matchbox/profiles/y.json:1:17: error: there is no file ignition/../profiles/y.json")]
    [InlineData(
        "profiles/y.json", """{"cloud_id": "absent"}""", "matchbox/profiles/y.json:1:14: error: there is no file cloud/absent")]
    [InlineData(
        "ignition/i.yaml",
        "variant: flatcar\nversion: 1.0.0\nstorag: {}\n",
        "matchbox/ignition/i.yaml:3:1: error: group good: storag: is not a key of Butane here")]
    [InlineData(
        "ignition/i.yaml",
        "variant: flatcar\nversion: 1.0.0\nstorage:\n  files:\n    - path: /x\n      contents: {local: a}\n",
        "matchbox/ignition/i.yaml:6:18: error: group good: storage.files[0].contents.local: matchbox has no directory of "
            + "local files: use inline")]
    [InlineData(
        "ignition/i.yaml",
        "variant: fcos\nversion: 1.5.0\nboot_device:\n  mirror:\n    devices: [/dev/sda, /dev/sdb]\n",
        "matchbox/ignition/i.yaml:3:1: error: group good: boot_device: is not supported here: write out what it stands for, "
            + "or convert the file with butane and serve it as .ign")]
    [InlineData(
        "ignition/i.yaml",
        "variant: fcos\nversion: 1.5.0\nboot_device: {luks: {tpm2: true}}\n",
        "matchbox/ignition/i.yaml:3:1: error: group good: boot_device: is not supported here: write out what it stands for, "
            + "or convert the file with butane and serve it as .ign")]
    [InlineData(
        "ignition/i.yaml",
        "variant: fcos\nversion: 1.5.0\nstorage:\n  filesystems:\n    - device: /dev/sda\n      with_mount_unit: true\n",
        "matchbox/ignition/i.yaml:6:7: error: group good: storage.filesystems[0].with_mount_unit: is not supported here: "
            + "write out what it stands for, or convert the file with butane and serve it as .ign")]
    [InlineData("ignition/i.yaml", "variant: fcos\nversion: 1.6.0\n", "matchbox/ignition/i.yaml:1:1: error: group good: fcos "
        + "1.6.0 is not supported: there are flatcar 1.0.0 to 1.1.0 and fcos 1.0.0 to 1.5.0")]
    [InlineData("ignition/i.yaml", "systemd: {}\n", "matchbox/ignition/i.yaml:1:1: error: group good: is not a Butane config: "
        + "there is no variant (Container Linux Configs have none; matchbox no longer reads them)")]
    [InlineData("ignition/i.yaml", "a: {{if}}\n", "matchbox/ignition/i.yaml:1:4: error: something is missing in this action")]
    [InlineData(
        "cloud/c.yaml",
        "hostname: x\n",
        "matchbox/cloud/c.yaml:1:1: error: group good: the first line must be #cloud-config, or begin with #!")]
    [InlineData("boot/default", "{}", "matchbox/boot/default:1:1: error: kernel is required")]
    public void A_mistake_is_told_with_its_file_and_place(string file, string content, string expected)
    {
        Write("groups/good.json", """{"profile": "p", "metadata": {"name": "n"}}""");
        Write("profiles/p.json", """{"ignition_id": "i.yaml", "cloud_id": "c.yaml", "generic_id": "g"}""");
        Write("ignition/i.yaml", "variant: flatcar\nversion: 1.1.0\n");
        Write("cloud/c.yaml", "#cloud-config\n{}\n");
        Write("generic/g", "x\n{{.name}}\n");
        Assert.Empty(MatchboxReader.Read(Root).Problems);

        Write(file, content);
        var reading = MatchboxReader.Read(Root);
        Assert.Null(reading.Directory);
        Assert.Equal([expected], reading.Problems.Select(problem => problem.Format(Bsroot.DescriptionName)));
    }

    [Fact]
    public void What_depends_on_a_request_is_not_judged_before_one_comes()
    {
        Write("groups/g.json", """{"profile": "p"}""");
        Write("profiles/p.json", """{"generic_id": "g", "cloud_id": "c"}""");
        Write("generic/g", "{{.request.query.os}}{{.absent}}");
        Write("cloud/c", "{{ if eq (index .request.query \"os\") \"x\" }}#cloud-config{{ end }}");
        var group = MatchboxReader.Read(Root).Directory!.Find(MachineRequest.Parse("?os=x"))!;
        Assert.Equal("#cloud-config", group.Profile.Cloud!.Render(group.Variables(MachineRequest.Parse("?os=x"))));
        Assert.Throws<RenderingException>(() => group.Profile.Generic!.Render(group.Variables(MachineRequest.Parse("?os=x"))));
    }

    [Fact]
    public void Finding_a_group_costs_the_same_for_ten_groups_and_ten_thousand()
    {
        var profile = new MachineProfile("p");
        var none = new Dictionary<string, object?>(StringComparer.Ordinal);
        var groups = Enumerable.Range(0, 10_000).Select(number => new MachineGroup(
            $"{number}", profile, new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["mac"] = $"{new Bootstrapper.Cluster.MacAddress((ulong)number)}",
                ["os"] = "installed",
            }, none));
        var directory = new MatchboxDirectory([.. groups], [], new FirstStore(
            new Dictionary<string, NetBoot>(StringComparer.Ordinal), new Dictionary<string, string>(StringComparer.Ordinal)));
        for (var number = 0; number < 10_000; number++)
        {
            Assert.Equal($"{number}", directory.Find(
                MachineRequest.Parse($"os=installed&mac={new Bootstrapper.Cluster.MacAddress((ulong)number)}"))!.Id);
        }
    }

    private void Write(string name, string content) => Bsroot.Write(Path.Combine(Root.Matchbox, name), content);
}
