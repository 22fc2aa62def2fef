using System.Collections.Concurrent;
using System.Text;
using Bootstrapper.Cluster;
using Bootstrapper.InForce;
using Bootstrapper.Pki;
using Bootstrapper.Rendering;
using Bootstrapper.Rendering.Engine;
using Bootstrapper.Rendering.Stencils;
using Bootstrapper.Tests.Rendering;
using Bootstrapper.Tests.Support;
using FsCheck;
using FsCheck.Fluent;
using NodeConfigs = Bootstrapper.InForce.NodeConfigs;

namespace Bootstrapper.Tests.InForce;

/// <summary>What is filled in is to the byte what is rendered in full.</summary>
public sealed class NodeConfigsTests
{
    private static readonly ConfigFormat[] Languages = [ConfigFormat.CloudConfig, ConfigFormat.Ignition];

    /// <summary>Each prints values of a node in another way, and some decide by them.</summary>
    private static readonly string[] Contents =
    [
        "content: {{ yaml Hostname }}", "content: {{ Hostname }}", "content: {{ json CaCrt }}", "content: {{ Mac }}",
        "content: |\n      {{ indent 6 Crt }}", "content: |\n      key={{ sh Hostname }}\n      {{ indent 6 Key }}",
        "content: |\n        {{ indent 8 CaCrt }}\n      last", "content: |\n      {{ indent 6 APIServerHosts }}",
        "content: \"{{ Hostname }}: {{ IP }} # {{ Serial }}\"", "content: {{ string.upcase Hostname }}",
        "content: {{ if Hostname == \"n1\" }}a{{ else }}b{{ end }}", "content: {{ string.size ReportURL }}",
        "content: {{ yaml EtcdListen }}\n    owner: {{ Hostname }}", "content: >\n      {{ indent 6 CaCrt }}",
        "encoding: base64\n    content: {{ string.base64_encode Hostname }}", "encoding: base64\n    content: {{ Hostname }}",
    ];

    public static TheoryData<string> Scenarios => [.. Scenario.Names()];

    [Theory]
    [MemberData(nameof(Scenarios))]
    public void Every_config_of_a_scenario_is_filled_in_as_it_is_rendered(string scenario)
    {
        var snapshot = ScenarioTests.Load(scenario);
        foreach (var node in snapshot.Cluster.Nodes.Where(node => !node.HasOwnIgnition && !node.HasDollarTemplate))
        {
            foreach (var language in Languages)
            {
                Assert.NotNull(snapshot.Configs.StencilOf(node, language));
                Assert.NotNull(snapshot.Configs.StencilOf(node, language)!.Fill(snapshot.Configs.ModelOf(node, Secrets(7))));
                AssertSame(snapshot.Configs, node, language, Secrets(7));
            }
        }
    }

    [Fact]
    [Trait("Category", "Slow")]
    public void So_is_every_config_of_any_description() => ForAll(
        from first in Nodes from second in Nodes from third in Nodes
        from content in Gen.Elements(Contents) from path in Gen.Elements("/etc/a", "/etc/{{ Hostname }}", "/etc/{{ IP }}")
        from secrets in Gen.Choose(0, 40)
        select (first, second, third, content, path, secrets), described =>
        {
            var nodes = new[] { described.first, described.second, described.third }.Index()
                .Select(node => node.Item with
                {
                    Mac = new MacAddress(0x525400000000UL + (ulong)node.Index),
                    Ip = node.Item.Ip is null ? null : Sample.Node((node.Item.Ip.GetAddressBytes()[3] * 3) + node.Index).Ip,
                    Serial = node.Item.Serial is { } serial
                        ? SerialNumber.Parse($"{serial.Value}{node.Index}", provider: null)
                        : null,
                }).ToArray();
            var template = new TemplateFile(
                "mine.template",
                $"#cloud-config\nhostname: {{{{ yaml Hostname }}}}\nwrite_files:\n  - path: {described.path}\n"
                    + $"    {described.content}\n");
            var cluster = Sample.Cluster(nodes);
            var configs = new Snapshot(cluster, new Bsroot("/bsroot"), TemplateSet.Of([template])).Configs;
            foreach (var (node, language) in nodes.SelectMany(node => Languages.Select(language => (node, language))))
            {
                AssertSame(configs, node, language, Secrets(described.secrets));
            }
        });

    [Theory]
    [InlineData("content: {{ string.upcase Hostname }}", "/etc/a")]
    [InlineData("content: a", "/etc/{{ Hostname }}")]
    [InlineData("content: {{ Hostname }}\n    encoding: base64", "/etc/a")]
    [InlineData("content: {{ json CaCrt }}\n    owner: {{ Hostname }}", "/etc/a")]
    public void In_doubt_it_is_rendered(string content, string path)
    {
        var template = new TemplateFile(
            "mine.template", $"#cloud-config\nhostname: {{{{ Hostname }}}}\nwrite_files:\n  - path: {path}\n    {content}\n");
        var node = Sample.Node() with { Template = "mine.template", HostName = "node" };
        var configs = new Snapshot(Sample.Cluster(node), new Bsroot("/bsroot"), TemplateSet.Of([template])).Configs;

        Assert.All(Languages, language => Assert.Null(configs.StencilOf(node, language)));
        Assert.All(Languages, language => AssertSame(configs, node, language, Secrets(0)));
    }

    [Fact]
    public void A_name_that_no_template_wrote_is_filled_in()
    {
        var template = new TemplateFile("mine.template", "#cloud-config\nmanage_etc_hosts: localhost\n");
        var nodes = new[] { Sample.Node(1), Sample.Node(2) }.Select(node => node with { Template = template.Name }).ToArray();
        var configs = new Snapshot(Sample.Cluster(nodes), new Bsroot("/bsroot"), TemplateSet.Of([template])).Configs;

        Assert.All(Languages, language => Assert.NotNull(configs.StencilOf(nodes[1], language)));
        Assert.All(Languages, language => AssertSame(configs, nodes[1], language, Secrets(0)));
    }

    [Theory]
    [InlineData("null")]
    [InlineData("true")]
    [InlineData("on")]
    public void So_it_is_where_a_name_may_mean_something_else(string name)
    {
        var nodes = new[] { Sample.Node(1), Sample.Node(2) with { HostName = name }, Sample.Node(3) };
        var configs = new Snapshot(Sample.Cluster(nodes), new Bsroot("/bsroot"), TemplateSet.Of([])).Configs;
        var stencil = configs.StencilOf(nodes[1], ConfigFormat.CloudConfig)!;

        Assert.Null(stencil.Fill(configs.ModelOf(nodes[1], Secrets(0))));
        AssertSame(configs, nodes[1], ConfigFormat.CloudConfig, Secrets(0));
    }

    /// <summary>One that is missing would be that of the first node for all.</summary>
    [Fact]
    public void Every_name_that_tells_nodes_apart_is_filled_in() => Assert.Equal(
        Identity.Names.Intersect(typeof(NodeModel).GetProperties().Select(property => property.Name), StringComparer.Ordinal)
            .Except([nameof(NodeModel.PkiFiles), nameof(NodeModel.KubernetesFiles)]).Order(StringComparer.Ordinal),
        OwnValues.Names.Except([nameof(NodeModel.CaCrt)]).Order(StringComparer.Ordinal));

    [Fact]
    public async Task While_the_description_changes_every_answer_is_of_one_of_them()
    {
        await using var daemon = await TestDaemon.StartAsync(Sample.Cluster(Sample.Node(1), Sample.Node(2)));
        var first = daemon.Current.Value;
        var second = new Snapshot(
            first.Cluster with { SshAuthorizedKeys = [], DomainName = "other.test" }, daemon.Bsroot, TemplateSet.Of([]));
        var seen = new ConcurrentBag<bool>();
        using var stop = new CancellationTokenSource();
        var edits = Task.Run(
            () =>
            {
                for (var i = 0; !stop.IsCancellationRequested; i++)
                {
                    daemon.Current.Replace(i % 2 == 0 ? second : first);
                    Thread.Yield();
                }
            },
            TestContext.Current.CancellationToken);
        await Task.WhenAll(Enumerable.Range(0, 2).Select(async node =>
        {
            using var machine = daemon.From($"127.0.0.{node + 2}");
            for (var i = 0; i < 200; i++)
            {
                var config = await machine.GetStringAsync(
                    $"/cloud-config/52:54:00:00:00:0{node + 1}", TestContext.Current.CancellationToken);
                var isFirst = config.Contains("ssh_authorized_keys", StringComparison.Ordinal);
                Assert.Equal(isFirst, config.Contains("Domains=lab.test", StringComparison.Ordinal));
                Assert.Equal(!isFirst, config.Contains("Domains=other.test", StringComparison.Ordinal));
                seen.Add(isFirst);
            }
        }));
        await stop.CancelAsync();
        await edits;
        Assert.Equal(2, seen.Distinct().Count());
    }

    private static void AssertSame(NodeConfigs configs, Node node, ConfigFormat language, NodeSecrets secrets)
    {
        var (rendered, filled) = (Try(() => configs.Render(node, language, secrets)),
            Try(() => Encoding.UTF8.GetString(configs.Of(node, language, secrets).ToArray())));
        Assert.Equal(rendered, filled);
    }

    private static string Try(Func<string> render)
    {
        try
        {
            return render();
        }
        catch (RenderingException e)
        {
            return $"refused: {e.Template}";
        }
    }

    private static readonly Gen<Node> Nodes =
        from number in Gen.Choose(1, 200)
        from name in Gen.Elements("node", "n1", "n2", "null", "yes", "007", "a.b", "x-1", "1e3", "db.rack1.lab.test")
        from hasIp in Gen.Elements(true, false)
        from serial in Gen.Elements("", "XK1", "K0", "a b: c", "tr\"ue", "#1", "null")
        from roles in Gen.Elements(
            NodeRoles.None, NodeRoles.KubeMaster | NodeRoles.EtcdMember, NodeRoles.EtcdMember, NodeRoles.Ingress)
        from template in Gen.Elements("mine.template", Node.DefaultTemplate)
        select Sample.Node(number) with
        {
            HostName = name,
            Ip = hasIp ? Sample.Node(number).Ip : null,
            Serial = SerialNumber.TryParse(serial, null, out var known) ? known : null,
            Roles = roles,
            Template = template,
        };

    /// <summary>Like certificates, or unlike anything that was issued.</summary>
    private static NodeSecrets Secrets(int seed)
    {
        return new NodeSecrets(
            Pem("root"),
            new Leaf(Pem("leaf"), Pem("key")),
            (node, cluster) => NodeCredentials.Files(
                node,
                cluster,
                root => Pem($"{root}"),
                leaf => new Leaf(Pem(leaf.Name), Pem(leaf.Name + " key")),
                new ControlPlaneSecrets(Pem("sa"), Pem("sa pub"), Convert.ToBase64String(Encoding.UTF8.GetBytes($"{seed}")))));

        string Pem(string name) => (seed % 10) switch
        {
            0 => $"{name}",
            1 => $"{name}\n",
            2 => $"a\n\n{name}\n",
            3 => $" a\n{name}\n",
            4 => $"a \n{name}\n",
            5 => $"a\n{name}",
            6 => $"\u00e9\n{name}\n\n",
            _ => string.Concat(Enumerable.Range(0, 2 + (seed % 30)).Select(line =>
                Convert.ToBase64String(Encoding.UTF8.GetBytes($"{name} {seed} {line}")) + "\n")),
        };
    }

    private static void ForAll<T>(Gen<T> values, Action<T> property) =>
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(300), Prop.ForAll(values.ToArbitrary(), property));
}
