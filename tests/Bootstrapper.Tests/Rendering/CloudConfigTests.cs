using System.Text;
using Bootstrapper.Cluster;
using Bootstrapper.InForce;
using Bootstrapper.Pki;
using Bootstrapper.Rendering;
using Bootstrapper.Rendering.Configs;
using Bootstrapper.Tests.Support;

namespace Bootstrapper.Tests.Rendering;

public sealed class CloudConfigTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Theory]
    [InlineData("hostname: x\n", 1, 1, "the first line must be #cloud-config")]
    [InlineData("#cloud-config\nhostnam: x\n", 2, 1, "hostnam: is not a known key; did you mean hostname?")]
    [InlineData("#cloud-config\ncoreos:\n  unit: []\n", 3, 3, "coreos.unit: is not a known key; did you mean units?")]
    [InlineData("#cloud-config\nhostname: {{ Hostname }}\n- x\n", 3, 1, "is not YAML")]
    [InlineData("#cloud-config\n- a\n", 2, 1, "the file must be a mapping of keys to values")]
    [InlineData("#cloud-config\n", 1, 1, "the file is empty")]
    [InlineData("#cloud-config\n? [a, b]\n: c\n", 2, 3, "a key must be plain text")]
    [InlineData("#cloud-config\n<<: x\nhostname: a\n", 2, 5, "<<: must be a mapping, or a list of mappings, to merge")]
    [InlineData("#cloud-config\nhostname: a\nusers: [{<<: [{name: a}, b]}]\n", 3, 14, "must be a mapping, or a list of")]
    [InlineData("#cloud-config\nhostname: a\u2028b\n", 2, 12, "it has the character U+2028 here, which ends a line")]
    [InlineData("#cloud-config\n# a\u0085b: [\n", 2, 4, "it has the character U+0085 here, which ends a line")]
    [InlineData("#cloud-config\nwrite_files: [{path: /a, content: \"\u001b\"}]\n", 2, 36, "has the character U+001B here")]
    [InlineData("#cloud-config\nhostname: a\u0001b\n", 2, 12, "it has the character U+0001 here, which YAML does not")]
    [InlineData("#cloud-config\nhostname: a\n\u000c\n", 3, 1, "has the character U+000C here, which YAML does not allow")]
    public void What_coreos_cloudinit_would_pass_over_is_refused_at_its_line(
        string template, int line, int column, string message) =>
        AssertRefused(template, line, column, message);

    [Theory]
    [InlineData("hostname: -x\n", 2, 11, "hostname: '-x' is not a host name")]
    [InlineData("hostname: x\nhostname: y\n", 3, 1, "hostname: is given twice, the first time in line 2")]
    [InlineData("manage_etc_hosts: true\n", 2, 19, "manage_etc_hosts: 'true' is not one of localhost")]
    [InlineData(
        "manage_etc_hosts: localhost\nwrite_files: [{path: /etc/hosts}]\n",
        3,
        22,
        "writes /etc/hosts a second time, after line 2")]
    [InlineData("users:\n  - name: a\n  - name: a\n", 4, 11, "users[1].name: is there twice")]
    [InlineData("users:\n  - passwd: x\n", 3, 5, "users[0].name: is required")]
    [InlineData("users:\n  - name: a\n    coreos_ssh_import_github: b\n", 4, 5, "nothing is fetched from elsewhere")]
    [InlineData(
        "coreos:\n  update:\n    reboot_strategy: never\n",
        4,
        22,
        "coreos.update.reboot_strategy: 'never' is not one of etcd-lock")]
    [InlineData("coreos:\n  update:\n    group: 'a\"b'\n", 4, 12, "is not plain text")]
    public void A_value_that_makes_no_sense_is_told_with_its_place(string lines, int line, int column, string message) =>
        AssertRefused($"#cloud-config\n{lines}", line, column, message);

    [Theory]
    [InlineData("- path: etc/x", 3, 11, "write_files[0].path: 'etc/x' is not an absolute path")]
    [InlineData("- path: /etc/../x", 3, 11, "is not an absolute path without . and ..")]
    [InlineData("- path: /", 3, 11, "is not an absolute path")]
    [InlineData("- content: x", 3, 5, "write_files[0].path: is required")]
    [InlineData("- {path: /x, permissions: '0888'}", 3, 29, "write_files[0].permissions: '0888' is not permission bits in octal")]
    [InlineData("- {path: /x, permissions: rw-r--r--}", 3, 29, "is not permission bits")]
    [InlineData("- {path: /x, permissions: '4755'}", 3, 29, "is not permission bits")]
    [InlineData("- {path: /x, owner: 'a b'}", 3, 23, "write_files[0].owner: 'a b' is not a user")]
    [InlineData("- {path: /x, encoding: gzip, content: x}", 3, 41, "write_files[0].content: is not gzip")]
    [InlineData("- {path: /x, encoding: gz, content: !!binary /w==}", 3, 39, "write_files[0].content: is not gzip")]
    [InlineData("- {path: /x, encoding: gz+b64, content: H4sIAAAAAAAC/8tIzcnJ}", 3, 43, "write_files[0].content: is not gzip")]
    [InlineData("- {path: /x, encoding: gz+b64, content: ''}", 3, 43, "write_files[0].content: is not gzip")]
    [InlineData("- {path: /x, encoding: base64, content: !!binary /w==}", 3, 43, "write_files[0].content: is not base64")]
    [InlineData("- {path: /x, encoding: gz+b64, content: !!binary H4sI}", 3, 43, "write_files[0].content: is not base64")]
    [InlineData("- {path: /x, encoding: rot13, content: x}", 3, 26, "write_files[0].encoding: 'rot13' is not one of base64")]
    [InlineData("- {path: /x, encoding: base64, content: '%'}", 3, 43, "write_files[0].content: is not base64")]
    [InlineData("- {path: /x, encoding: gz+b64, content: eHg=}", 3, 43, "write_files[0].content: is not gzip")]
    [InlineData("- path: /etc/\u00e4{{ for i in 1..127 }}\u00e4{{ end }}", 3, 11, "longer than a file system takes: expected")]
    [InlineData("- path: /x\n  - path: /x", 4, 11, "write_files[1].path: writes /x a second time, after line 3")]
    [InlineData("- path: /x\n  - path: /x/y/z", 4, 11, "write_files[1].path: lies below /x, which line 3 makes a file")]
    public void A_file_that_no_machine_could_write_is_refused(string item, int line, int column, string message) =>
        AssertRefused($"#cloud-config\nwrite_files:\n  {item}\n", line, column, message);

    [Theory]
    [InlineData(
        "hostname: x\nwrite_files: [{path: /etc/hostname}]\n",
        2,
        11,
        "hostname: writes /etc/hostname a second time, after line 3")]
    [InlineData(
        "coreos: {update: {group: stable}}\nwrite_files: [{path: /etc/flatcar/update.conf}]\n",
        2,
        26,
        "writes /etc/flatcar/update.conf a second time")]
    [InlineData(
        "coreos: {units: [{name: a.service, content: '[Unit]'}, {name: a.service, content: '[Unit]'}]}\n",
        2,
        63,
        "coreos.units[1].name: writes /etc/systemd/system/a.service a second time")]
    [InlineData(
        "coreos: {units: [{name: a.network, content: '[Match]'}]}\nwrite_files: [{path: /etc/systemd/network/a.network}]\n",
        2,
        25,
        "writes /etc/systemd/network/a.network a second time")]
    public void Two_parts_that_write_the_same_file_are_refused(string lines, int line, int column, string message) =>
        AssertRefused($"#cloud-config\n{lines}", line, column, message);

    [Theory]
    [InlineData("name: docker", 4, 13, "coreos.units[0].name: 'docker' is not a unit's name with its suffix")]
    [InlineData("name: ../a.service", 4, 13, "is not a unit's name")]
    [InlineData(
        "{name: a.service, content: X=1}",
        4,
        34,
        "coreos.units[0].content: has a line before its first [Section] (line 1 of the unit)")]
    [InlineData("{name: a.service, content: '# nothing'}", 4, 34, "has no [Section]")]
    [InlineData("{name: a.service, content: '[Unit'}", 4, 34, "has a section without a closing ]")]
    [InlineData(
        "{name: a.service, content: \"# a \\\\\\n[Unit]\\n\"}",
        4,
        34,
        "has a comment that ends with \\, which hides the next line (line 1 of the unit)")]
    [InlineData("{name: a.service, content: \"[Unit]\\nWants\"}", 4, 34, "is not name=value (line 2 of the unit)")]
    [InlineData(
        "{name: a.service, content: \"[Service]\\nExecStart=a \\\\\\n# ends it\\nb\"}",
        4,
        34,
        "has a line that is not name=value (line 4 of the unit)")]
    [InlineData("{name: a.service, command: launch}", 4, 34, "coreos.units[0].command: 'launch' is not one of start")]
    [InlineData("{name: a.service, mask: y, enable: y}", 4, 14, "is masked: it can have no content")]
    [InlineData("{name: a.network, enable: y}", 4, 14, "is read by networkd")]
    [InlineData(
        "{name: a.service, drop_ins: [{name: 10-x, content: '[Unit]'}]}",
        4,
        43,
        "coreos.units[0].drop_ins[0].name: '10-x' is not a file name that ends in .conf")]
    [InlineData("{name: a.service, drop_ins: [{name: x.conf}]}", 4, 36, "coreos.units[0].drop_ins[0].content: is required")]
    public void A_unit_that_systemd_could_not_use_is_refused(string unit, int line, int column, string message) =>
        AssertRefused($"#cloud-config\ncoreos:\n  units:\n    - {unit}\n", line, column, message);

    /// <summary>As coreos-cloudinit does, which writes what has content and runs the commands one after the other.</summary>
    [Theory]
    [InlineData("{name: a.service, command: stop}, {name: a.service, command: restart}")]
    [InlineData("{name: a.service, content: '[Unit]'}, {name: a.service, command: start}")]
    [InlineData("{name: a.service, command: start}, {name: a.service, drop_ins: [{name: x.conf, content: '[Unit]'}]}")]
    [InlineData("{name: a.network, command: start}, {name: a.network, content: '[Match]'}, {name: a.network}")]
    public void A_unit_that_one_entry_writes_may_be_named_by_others(string units) =>
        Assert.Empty(Check($"#cloud-config\ncoreos:\n  units: [{units}]\n"));

    [Theory]
    [InlineData("{name: a.service, mask: y}, {name: a.service, command: start}", 39, "is masked")]
    [InlineData("{name: a.service, command: start}, {name: a.service, mask: y}", 46, "is masked")]
    [InlineData("{name: a.service, mask: y}, {name: a.service, content: '[Unit]'}", 39, "a second time, after line 3")]
    [InlineData(
        "{name: a.service, drop_ins: [{name: x.conf, content: '[Unit]'}]}, {name: a.service, drop_ins: [{name: x.conf, content: "
            + "'[Unit]'}]}",
        85,
        "a.service.d/x.conf a second time, after line 3")]
    public void Entries_of_one_unit_that_contradict_each_other_are_refused_at_the_later(
        string units, int column, string message) =>
        Assert.Contains(Check($"#cloud-config\ncoreos:\n  units: [{units}]\n"), problem =>
            problem.Position is { Line: 3 } && problem.Position.Value.Column >= column
                && problem.Message.Contains(message, StringComparison.Ordinal));

    /// <summary>coreos-cloudinit trims the first line, and YAML has more than one kind of line's end.</summary>
    [Theory]
    [InlineData("#cloud-config\r\nhostname: a\r\nwrite_files:\r\n  - path: /a\r\n    content: |\r\n      x\r\n      y\r\n")]
    [InlineData("#cloud-config \t\nhostname: a\nwrite_files:\n  - path: /a\n    content: |\n      x\n      y\n")]
    [InlineData("#cloud-config\u00a0\nhostname: a\nwrite_files:\n  - {path: /a, content: \"x\\ny\\n\"}\n")]
    [InlineData("\uFEFF#cloud-config\nhostname: a\nwrite_files: [{path: /a, content: !!binary eAp5Cg==}]\n")]
    [InlineData(
        "#cloud-config\nhostname: !!str a\nwrite_files: !!seq\n- !!map\n  path: ! /a\n  content: !!binary |\n   eAp5\n   Cg==\n")]
    public void What_coreos_cloudinit_reads_as_the_same_is_the_same(string template) => Assert.Contains(
        "content: |\n      x\n      y\n", Rendered(template), StringComparison.Ordinal);

    /// <summary>coreos-cloudinit asks the system for it, which has it from DHCP.</summary>
    [Theory]
    [InlineData("", null)]
    [InlineData("hostname: other\n", "other")]
    public void The_host_name_of_etc_hosts_is_the_nodes_where_the_template_gives_none(string line, string? stated)
    {
        var name = stated ?? Sample.Node().HostName;
        var template = $"#cloud-config\n{line}manage_etc_hosts: localhost\n";
        Assert.Contains($"hostname: \"{name}\"\nmanage_etc_hosts: \"localhost\"\n", Rendered(template), StringComparison.Ordinal);
        var ignition = SnapshotOf(Sample.Cluster()).Ignition(Sample.Node(), NodeSecrets.Specimen);
        var hosts = Convert.ToBase64String(Encoding.UTF8.GetBytes($"127.0.0.1 {name}\n"));
        Assert.Contains(hosts, ignition, StringComparison.Ordinal);
    }

    /// <summary>As go-yaml gives it to coreos-cloudinit, and as the example of cloud-init has it for gzip.</summary>
    [Theory]
    [InlineData("content: !!binary AAH+/w==", "base64", "AAH+/w==", new byte[] { 0, 1, 254, 255 })]
    [InlineData("content: !!binary |\n      AAH+\n      /w==", "base64", "AAH+/w==", new byte[] { 0, 1, 254, 255 })]
    [InlineData("content: !<tag:yaml.org,2002:binary> gICA", "base64", "gICA", new byte[] { 128, 128, 128 })]
    [InlineData(
        "{encoding: gzip, content: !!binary H4sIAAAAAAAC/6sAAIMW3IwBAAAA}",
        "gzip+base64", "H4sIAAAAAAAC/6sAAIMW3IwBAAAA", new byte[] { (byte)'x' })]
    [InlineData("encoding: b64\n    content: >\n      AAH+\n      /w==", "base64", "AAH+/w==", new byte[] { 0, 1, 254, 255 })]
    [InlineData("encoding: base64\n    content: !!binary QUFIKy93PT0=", "base64", "AAH+/w==", new byte[] { 0, 1, 254, 255 })]
    public void What_is_no_text_reaches_the_file_in_either_language(string lines, string encoding, string base64, byte[] octets)
    {
        var file = lines.StartsWith('{') ? $"  - {lines.Insert(1, "path: /x, ")}" : $"  - path: /x\n    {lines}";
        var template = $"#cloud-config\nwrite_files:\n{file}\n";
        Assert.Contains($"encoding: \"{encoding}\"\n    content: \"{base64}\"\n", Rendered(template), StringComparison.Ordinal);
        var ignition = SnapshotOf(Sample.Cluster()).Ignition(Sample.Node(), NodeSecrets.Specimen);
        Assert.Contains($"\"data:;base64,{base64}\"", ignition, StringComparison.Ordinal);
        Assert.Equal(octets, Assert.Single(CloudConfigReader.Read(template).Config!.Files).Bytes());
    }

    /// <summary>What the description says of it the operator was told already.</summary>
    [Theory]
    [InlineData("update: {reboot_strategy: etcd-lock}", 3, 29, "no machine will restart by itself: locksmith keeps its lock in")]
    [InlineData("update: {reboot_strategy: \"etcd-lock\"}\n  locksmith: {window_start: '03:00'}", 3, 29, "no machine will")]
    [InlineData("update: {reboot_strategy: 'off'}\n  locksmith: {window_start: Thu 04:00}", 4, 29, "has no effect: the strategy")]
    [InlineData("update: {reboot_strategy: '{{ RebootStrategy }}'}", null, null, "")]
    [InlineData("update: {reboot_strategy: best-effort}\n  locksmith: {window_start: '03:00'}", null, null, "")]
    [InlineData("update: {reboot_strategy: reboot}\n  locksmith: {window_start: '03:00', window_length: 1h}", null, null, "")]
    public void Restarts_that_will_not_come_about_are_a_warning_where_the_template_asks_for_them(
        string lines, int? line, int? column, string message)
    {
        _directory.Write("cloud-config.template", $"#cloud-config\ncoreos:\n  {lines}\n");
        foreach (var strategy in new[] { "off", "reboot" })
        {
            var cluster = Sample.Cluster(Sample.Node(1), Sample.Node(2)) with { Updates = new() { RebootStrategy = strategy } };
            var problem = SnapshotOf(cluster).Check().SingleOrDefault();
            Assert.Equal(line is null ? null : Severity.Warning, problem?.Severity);
            Assert.Equal((line, column), ((int?)problem?.Position?.Line, (int?)problem?.Position?.Column));
            Assert.Contains(message, problem?.Message ?? "", StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("write_files: [{path: /etc/flatcar/update.conf, content: \"GROUP=stable\\nREBOOT_STRATEGY=etcd-lock\\n\"}]", 2)]
    [InlineData("write_files: [{path: /etc/coreos/update.conf, content: 'REBOOT_STRATEGY=\"etcd-lock\"'}]", 2)]
    [InlineData(
        "write_files: [{path: /etc/flatcar/update.conf, encoding: base64, content: UkVCT09UX1NUUkFURUdZPWV0Y2QtbG9jawo=}]", 2)]
    [InlineData(
        "coreos: {units: [{name: locksmithd.service, drop_ins: [{name: x.conf,\n"
            + " content: \"[Service]\\nEnvironment=REBOOT_STRATEGY=etcd-lock\\n\"}]}]}", 3)]
    [InlineData("write_files: [{path: /etc/flatcar/update.conf, content: \"# REBOOT_STRATEGY=etcd-lock\\n\"}]", null)]
    [InlineData("write_files: [{path: /etc/flatcar/update.conf, content: \"REBOOT_STRATEGY=reboot\\n\"}]", null)]
    [InlineData("write_files: [{path: /etc/other.conf, content: \"REBOOT_STRATEGY=etcd-lock\\n\"}]", null)]
    public void A_strategy_that_an_operator_writes_to_its_file_is_a_warning_too(string lines, int? line)
    {
        _directory.Write("cloud-config.template", $"#cloud-config\n{lines}\n");
        var problem = SnapshotOf(Sample.Cluster(Sample.Node(1))).Check().SingleOrDefault();
        Assert.Equal((line is null ? null : Severity.Warning, line), (problem?.Severity, (int?)problem?.Position?.Line));
        Assert.Contains(
            line is null ? "" : "no machine will restart by itself", problem?.Message ?? "", StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\"storage\": {\"files\": [\n{\"path\": \"/etc/flatcar/update.conf\", "
        + "\"contents\": {\"source\": \"data:,REBOOT_STRATEGY%3Detcd-lock%0A\"}}]}", 3)]
    [InlineData("\"storage\": {\"files\": [\n{\"path\": \"/etc/flatcar/update.conf\", "
        + "\"contents\": {\"source\": \"data:;base64,UkVCT09UX1NUUkFURUdZPWV0Y2QtbG9jawo=\"}}]}", 3)]
    [InlineData("\"systemd\": {\"units\": [\n\n{\"name\": \"locksmithd.service\", \"dropins\": [{\"name\": \"x.conf\", "
        + "\"contents\": \"[Service]\\nEnvironment=REBOOT_STRATEGY=etcd-lock\"}]}]}", 4)]
    [InlineData("\"storage\": {\"files\": [\n{\"path\": \"/etc/flatcar/update.conf\", "
        + "\"contents\": {\"source\": \"data:,REBOOT_STRATEGY%3Doff%0A\"}}]}", null)]
    [InlineData("\"storage\": 1, \"systemd\": {\"units\": [1, {\"dropins\": {}}]}", null)]
    public void So_it_is_in_an_Ignition_config_of_the_operators(string members, int? line)
    {
        Bsroot.Write(
            new Bsroot(_directory.Path).At("templates/own.ign"),
            $"{{\"ignition\": {{\"version\": \"3.3.0\"}},\n{members}}}\n");
        var problem = SnapshotOf(Sample.Cluster(Sample.Node(1) with { Template = "own.ign" })).Check().SingleOrDefault();
        Assert.Equal((line is null ? null : Severity.Warning, line), (problem?.Severity, (int?)problem?.Position?.Line));
    }

    [Theory]
    [InlineData("update: {reboot_strategy: '{{ RebootStrategy }}'}", "etcd-lock")]
    [InlineData("update: {reboot_strategy: etcd-lock}", "etcd-lock")]
    public void What_the_description_was_warned_of_is_not_said_again_of_the_template(string lines, string strategy)
    {
        _directory.Write("cloud-config.template", $"#cloud-config\ncoreos:\n  {lines}\n");
        Assert.Empty(SnapshotOf(Sample.Cluster() with { Updates = new() { RebootStrategy = strategy } }).Check());
    }

    [Fact]
    public void A_warning_of_a_template_keeps_nothing_out_of_force_and_stays_with_what_is()
    {
        _directory.Write("cloud-config.template", "#cloud-config\ncoreos: {update: {reboot_strategy: etcd-lock}}\n");
        _directory.Write("cluster-desc.yml", new Scenario("example").ClusterDescription);
        var bsroot = new Bsroot(_directory.Path);
        var loaded = SnapshotLoader.Load(bsroot, bsroot.Description);
        var warning = Assert.Single(loaded.Snapshot!.Warnings, problem => problem.File == "cloud-config.template");
        Assert.Equal(Severity.Warning, warning.Severity);
        Assert.Contains(warning, loaded.Problems);
    }

    [Theory]
    [InlineData("hostname: x\n", 1)]
    [InlineData("write_files:\n{{~ for file in NetworkFiles ~}}\n"
        + "- {path: {{ yaml file.Path }}, content: {{ yaml file.Content }}}\n{{~ end ~}}\n", 0)]
    public void Links_that_a_template_of_the_operators_does_not_tell_are_a_warning_once(string lines, int warnings)
    {
        _directory.Write("cloud-config.template", $"#cloud-config\n{lines}");
        var network = new InstalledNetwork([new Link { Name = Link.Boot, Mtu = 9000 }]);
        var nodes = new[] { Sample.Node(1), Sample.Node(2) }.Select(node => node with { InstalledNetwork = network });
        var problems = SnapshotOf(Sample.Cluster([.. nodes])).Check();
        Assert.Equal(warnings, problems.Count);
        Assert.All(problems, problem => Assert.StartsWith(
            "does not write /etc/systemd/network/10-bootstrapper-boot.network: ", problem.Message, StringComparison.Ordinal));
    }

    /// <summary>All of CoreOS' documentation had them so, and its program took both.</summary>
    [Theory]
    [InlineData("write-files: [{path: /a, content: x}]", "write_files:\n")]
    [InlineData("ssh-authorized-keys: []\ncoreos: {update: {reboot-strategy: reboot}}", "reboot_strategy: \"reboot\"\n")]
    [InlineData("coreos: {units: [{name: a.service, drop-ins: [{name: x.conf, content: '[Unit]'}]}]}", "drop_ins:\n")]
    [InlineData("users: [{name: a, ssh-authorized-keys: [], no-create-home: y}]", "no_create_home: true\n")]
    public void Keys_with_hyphens_are_those_with_underscores(string lines, string written) =>
        Assert.Contains(written, Rendered($"#cloud-config\n{lines}\n"), StringComparison.Ordinal);

    [Fact]
    public void Both_spellings_of_one_key_are_one_key_twice() => AssertRefused(
        "#cloud-config\ncoreos:\n  update:\n    reboot_strategy: reboot\n    reboot-strategy: 'off'\n",
        5, 5, "coreos.update.reboot_strategy: is given twice, the first time in line 4");

    [Theory]
    [InlineData("hostname: !!binary '%'", 2, 11, "hostname: has the tag !!binary, but is not base64")]
    [InlineData("hostname: !!binary /w==", 2, 11, "hostname: has the tag !!binary, but does not hold text: only a")]
    [InlineData("ssh_authorized_keys: [!!binary /w==]", 2, 23, "does not hold text: only a file's content may be anything")]
    [InlineData("write_files: [{path: !!binary /w==}]", 2, 22, "write_files[0].path: has the tag !!binary, but does not hold")]
    [InlineData("write_files: [{path: /x, content: !!binary '%'}]", 2, 35, "has the tag !!binary, but is not base64")]
    [InlineData("coreos: {units: [{name: a.service, content: !!binary /w==}]}", 2, 45, "does not hold text")]
    [InlineData("hostname: !vault x", 2, 11, "hostname: has the tag !vault, which means nothing here")]
    [InlineData("users: !!omap []", 2, 8, "users: has the tag !!omap, which means nothing here")]
    [InlineData("write_files: [!!set {path: /a}]", 2, 15, "write_files[0]: has the tag !!set")]
    [InlineData("ssh_authorized_keys: [!<tag:x.org,1:y> x]", 2, 23, "has the tag tag:x.org,1:y")]
    public void A_tag_that_means_nothing_here_is_refused_where_it_stands(string line, int number, int column, string message)
    {
        var problem = Check($"#cloud-config\n{line}\n")[0];
        Assert.Equal(new Position(number, column), problem.Position);
        Assert.Contains(message, problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_template_in_another_encoding_is_refused_at_the_byte()
    {
        var file = Path.Combine(_directory.Path, "cloud-config.template");
        File.WriteAllBytes(file, [.. "#cloud-config\n# M"u8, 0xfc, .. "ller\n"u8]);
        var problem = Assert.Single(Check());
        Assert.StartsWith("cloud-config.template:2:4: error: ", problem.Format("d.yml"), StringComparison.Ordinal);
        Assert.Contains("is not UTF-8: the byte 0xfc", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_unit_may_continue_a_line_and_hold_comments_between()
    {
        const string Unit = "# why\n\n[Service]\n; also\nExecStart=/bin/sh \\\n  no-equals-sign-here\nExecStop=\n";
        Assert.Empty(Check($"#cloud-config\ncoreos:\n  units:\n    - {{name: a.service, content: {QuotedText.Of(Unit)}}}\n"));
    }

    /// <summary>As coreos-cloudinit joins them to its root.</summary>
    [Fact]
    public void Slashes_that_say_nothing_are_left_out_of_a_path()
    {
        Assert.Empty(Check("#cloud-config\nwrite_files: [{path: /etc//a}, {path: /etc/b/}, {path: //c}]\n"));
        Assert.Equal(
            ["/etc/a", "/etc/b", "/c"],
            new[] { "/etc//a", "/etc/b/", "//c" }.Select(Bootstrapper.Rendering.Configs.FileSyntax.Path.Read));
    }

    [Fact]
    public void Every_mistake_is_told_and_none_shows_what_is_in_a_file()
    {
        var problems = Check("#cloud-config\nhostnam: x\nwrite_files: [{path: x, encoding: b64, content: 'the secret!'}, "
            + "{path: /y, encoding: b64, content: 'the secret!'}]\n");
        Assert.Equal(3, problems.Count);
        Assert.All(problems, problem => Assert.DoesNotContain("secret", problem.Message, StringComparison.Ordinal));
    }

    [Fact]
    public void A_mistake_is_traced_back_to_the_line_of_the_template_and_told_once_for_all_nodes()
    {
        var problem = Assert.Single(
            Check("#cloud-config\n{{~ for key in SSHAuthorizedKeys ~}}\n# {{ key }}\n{{~ end ~}}\nhostnam: {{ Hostname }}\n"));
        Assert.Equal("cloud-config.template:5:1: error: n1: line 3, column 1 of what it renders to: hostnam: is not a known "
            + "key; did you mean hostname?", problem.Format("d.yml"));
    }

    private void AssertRefused(string template, int line, int column, string message)
    {
        var problem = Assert.Single(Check(template));
        Assert.Contains($"line {line}, column {column} of what it renders to: ", problem.Message, StringComparison.Ordinal);
        Assert.Contains(message, problem.Message, StringComparison.Ordinal);
        Assert.Equal("cloud-config.template", problem.File);
    }

    [Fact]
    public void A_template_can_write_all_of_a_nodes_credentials_in_one_loop()
    {
        const string template = """
            #cloud-config
            write_files:
            {{~ for file in PkiFiles ~}}
              - path: {{ yaml file.Path }}
                permissions: {{ yaml file.Permissions }}
                content: |
                  {{ indent 6 file.Content }}
            {{~ end ~}}

            """;
        var bsroot = new Bsroot(_directory.Path);
        Bsroot.Write(bsroot.At("cloud-config.template"), template);
        var master = Sample.Node() with { Roles = NodeRoles.KubeMaster | NodeRoles.EtcdMember };
        var cluster = Sample.Cluster(master);
        var snapshot = new Snapshot(cluster, bsroot, TemplateSet.Of(TemplateFiles.In(bsroot, cluster)));

        Assert.Empty(snapshot.Check());
        Assert.False(Directory.Exists(bsroot.Tls));
        var authorities = Authorities.Open(bsroot, TimeProvider.System);
        var leaves = new NodeLeaves(bsroot, authorities, TimeProvider.System);
        var credentials = new NodeCredentials(authorities, leaves, ControlPlaneSecrets.Open(bsroot));
        var config = snapshot.CloudConfig(
            master, new NodeSecretsIssuer(authorities, leaves, credentials).For(master, snapshot.Cluster));
        Assert.All(credentials.For(master, snapshot.Cluster), file =>
        {
            Assert.Contains($"\"{file.Path}\"", config, StringComparison.Ordinal);
            Assert.Contains(file.Content.Split('\n')[1], config, StringComparison.Ordinal);
        });
    }

    private IReadOnlyList<Problem> Check(string template)
    {
        _directory.Write("cloud-config.template", template);
        return Check();
    }

    private IReadOnlyList<Problem> Check() => SnapshotOf(Sample.Cluster(Sample.Node(1), Sample.Node(2))).Check();

    private string Rendered(string template)
    {
        _directory.Write("cloud-config.template", template);
        return SnapshotOf(Sample.Cluster()).CloudConfig(Sample.Node(), NodeSecrets.Specimen);
    }

    private Snapshot SnapshotOf(ClusterDescription cluster)
    {
        var bsroot = new Bsroot(_directory.Path);
        return new Snapshot(cluster, bsroot, TemplateSet.Of(TemplateFiles.In(bsroot, cluster)));
    }
}
