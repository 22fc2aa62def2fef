using System.Collections.Concurrent;
using System.Net;
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

    public static TheoryData<string> Scenarios => [.. Scenario.Names()];

    [Theory]
    [MemberData(nameof(Scenarios))]
    public void Every_config_of_a_scenario_is_filled_in_as_it_is_rendered(string scenario)
    {
        var (described, templates) = (ScenarioTests.Load(scenario).Cluster, TemplateSet.Of([]));
        var nodes = described.Nodes.Where(node => node.Template == Node.DefaultTemplate && !node.HasDollarTemplate).Take(60)
            .SelectMany(LikeIt).ToArray();
        var configs = new Snapshot(described with { Nodes = nodes }, new Bsroot("/bsroot"), templates).Configs;
        foreach (var (node, language) in nodes.SelectMany(node => Languages.Select(language => (node, language))))
        {
            Assert.NotNull(configs.StencilOf(node, language)?.Fill(configs.ModelOf(node, Secrets(7))));
            AssertSame(configs, node, language, Secrets(7));
        }
    }

    [Fact]
    [Trait("Category", "Slow")]
    public void So_is_every_config_of_any_description()
    {
        var filled = 0;
        ForAll(
            from first in Nodes
            from second in Nodes
            from third in Nodes
            from secrets in Gen.Choose(0, 40)
            select (Nodes: new[] { first, second, third }, Secrets: Secrets(secrets)),
            described =>
            {
                var nodes = described.Nodes.Index()
                    .Select(node => DescribedLike(described.Nodes[0], node.Item, node.Index)).ToArray();
                var configs = new Snapshot(Sample.Cluster(nodes), new Bsroot("/bsroot"), TemplateSet.Of([])).Configs;
                foreach (var (node, language) in nodes.SelectMany(node => Languages.Select(language => (node, language))))
                {
                    filled += configs.StencilOf(node, language)?.Fill(configs.ModelOf(node, described.Secrets)) is null ? 0 : 1;
                    AssertSame(configs, node, language, described.Secrets);
                }
            });
        Assert.True(filled > 0, "none was filled in");
    }

    /// <summary>
    /// What an operator's template makes of a name is anybody's guess: it may cut it, count it, or ask the letters one by one.
    /// </summary>
    [Theory]
    [InlineData("mine.template", "mine.template")]
    [InlineData("cloud-config.template", "cloud-config.template")]
    [InlineData("kubernetes/renew.template", "cloud-config.template")]
    public void What_an_operator_wrote_a_part_of_is_rendered(string written, string used)
    {
        var template = new TemplateFile(
            written, "#cloud-config\nhostname: {{ Hostname }}\nwrite_files:\n  - path: /etc/a\n    content: {{ Hostname }}\n");
        var nodes = LikeIt(Sample.Node(1) with { Template = used }).ToArray();
        var configs = new Snapshot(Sample.Cluster(nodes), new Bsroot("/bsroot"), TemplateSet.Of([template])).Configs;

        Assert.All(Languages, language => Assert.Null(configs.StencilOf(nodes[0], language)));
    }

    [Fact]
    public void So_is_what_few_nodes_have()
    {
        var nodes = LikeIt(Sample.Node(1)).Take(2).ToArray();
        var configs = new Snapshot(Sample.Cluster(nodes), new Bsroot("/bsroot"), TemplateSet.Of([])).Configs;

        Assert.All(Languages, language => Assert.Null(configs.StencilOf(nodes[0], language)));
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

    private static Node DescribedLike(Node first, Node node, int number) => node with
    {
        Mac = new MacAddress(0x525400000000UL + (ulong)number),
        Roles = first.Roles,
        Ip = first.Ip is null ? null : Sample.Node(((node.Ip?.GetAddressBytes()[3] ?? 1) % 60) + (60 * number) + 1).Ip,
        Serial = first.Serial is null ? null : SerialNumber.Parse($"{node.Serial?.Value ?? "K"}{number}", provider: null),
    };

    /// <summary>Three that are described like it.</summary>
    private static IEnumerable<Node> LikeIt(Node node) => Enumerable.Range(0, 3).Select(number => node with
    {
        Mac = new MacAddress(node.Mac.Value + (0x100UL * (ulong)number)),
        HostName = $"{node.HostName}{number}",
        Uuid = null,
        Ip = node.Ip?.GetAddressBytes() is [var first, var second, _, var last]
            ? new IPAddress([first, second, (byte)(100 + number), last])
            : null,
        Serial = node.Serial is { } serial ? SerialNumber.Parse($"{serial.Value}{number}", provider: null) : null,
    });

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
        from name in Gen.Elements("node", "n1", "n2", "null", "yes", "a.b", "x-1", "1e3", "db.rack1.lab.test")
        from hasIp in Gen.Elements(true, false)
        from serial in Gen.Elements("", "XK1", "K0", "a b: c", "tr\"ue", "#1", "null")
        from roles in Gen.Elements(
            NodeRoles.None, NodeRoles.KubeMaster | NodeRoles.EtcdMember, NodeRoles.EtcdMember, NodeRoles.Ingress)
        select Sample.Node(number) with
        {
            HostName = name,
            Ip = hasIp ? Sample.Node(number).Ip : null,
            Serial = SerialNumber.TryParse(serial, null, out var known) ? known : null,
            Roles = roles,
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
