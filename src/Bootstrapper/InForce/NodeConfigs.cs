using System.Collections.Frozen;
using Bootstrapper.Cluster;
using Bootstrapper.Rendering;
using Bootstrapper.Rendering.Configs;
using Bootstrapper.Rendering.Kubernetes;
using Bootstrapper.Rendering.Stencils;

namespace Bootstrapper.InForce;

/// <summary>
/// The configs of a description's nodes. Rendering one takes milliseconds, so it is done once for all nodes that are described
/// alike; what each has of its own, secrets last, is filled in when it asks. In any doubt a config is rendered in full, and all
/// that an operator's templates have a part in are: who knows what they make of a name.
/// </summary>
internal sealed class NodeConfigs
{
    /// <summary>Stencils that are kept at the most: of 30 to 100 KB each.</summary>
    private const int MostKinds = 200;

    /// <summary>Those that are cut before anybody asks.</summary>
    private const int MostPrepared = 8;

    /// <summary>To cut a stencil and to try it takes as long as to render four configs.</summary>
    private const int FewestAlike = 3;

    private readonly Func<Node, KubernetesFiles> _files;
    private readonly TemplateSet _templates;
    private readonly Lazy<AlikeNodes> _alike;
    private readonly Lazy<IReadOnlyList<Kind>> _kinds;
    private readonly Lazy<FrozenDictionary<MacAddress, Kind>> _kindOf;

    /// <param name="digests">Of container images by their whole names, as far as our registry has them.</param>
    public NodeConfigs(ClusterDescription cluster, IReadOnlyDictionary<string, string>? digests, TemplateSet templates)
    {
        var files = cluster.Networks.ToDictionary(network => network.Name, network => new Lazy<KubernetesFiles>(() =>
            new KubernetesFiles(new ClusterModel(cluster.SeenFrom(network), digests), templates)), StringComparer.Ordinal);
        (_files, _templates) = (node => files[cluster.NetworkOf(node).Name].Value, templates);
        _alike = new(() => new AlikeNodes(cluster));
        _kinds = new(() =>
        [
            .. from nodes in Alike.Largest(MostKinds)
               where nodes.Count >= FewestAlike && templates.IsOurs(nodes[0].Template)
               select new Kind(nodes, language => Cut(nodes, language)),
        ]);
        _kindOf = new(() => _kinds.Value.SelectMany(kind => kind.Nodes.Select(node => (node.Mac, kind))).ToFrozenDictionary(
            pair => pair.Mac, pair => pair.kind));
    }

    public AlikeNodes Alike => _alike.Value;

    /// <exception cref="RenderingException">The template is broken, or what it gave is not a config.</exception>
    public FilledConfig Of(Node node, ConfigFormat language, NodeSecrets secrets) =>
        StencilOf(node, language)?.Fill(ModelOf(node, secrets))
        ?? FilledConfig.Of(Render(node, language, secrets));

    /// <returns><c>null</c> where each of its configs is rendered in full.</returns>
    public Stencil? StencilOf(Node node, ConfigFormat language) => _kindOf.Value.GetValueOrDefault(node.Mac)?.In(language);

    /// <summary>So that no machine waits for what can be done before it asks.</summary>
    public void Prepare()
    {
        _ = _kindOf.Value;
        foreach (var kind in _kinds.Value.Take(MostPrepared))
        {
            kind.In(kind.Nodes[0].Config);
        }
    }

    public NodeModel ModelOf(Node node, NodeSecrets secrets) => ModelOf(node, secrets, marks: null);

    /// <exception cref="RenderingException">The template is broken, or what it gave is not a config.</exception>
    public string Render(Node node, ConfigFormat language, NodeSecrets secrets) => language == ConfigFormat.Ignition
        ? Ignition.Render(node, ModelOf(node, secrets), _templates)
        : CloudConfig.Render(node, ModelOf(node, secrets), _templates);

    /// <returns><c>null</c> where what it gives is not to the byte what is rendered.</returns>
    private Stencil? Cut(IReadOnlyList<Node> alike, ConfigFormat language)
    {
        var node = alike[0];
        try
        {
            var marks = new Marks($"mark{Guid.NewGuid():n}");
            var marked = ModelOf(node, NodeSecrets.Distinct, marks);
            var config = CloudConfig.Read(node, marked, _templates);
            var stencil = CloudConfig.HasOnlyInContents(marks.Word, config)
                ? Stencil.Cut(
                    language == ConfigFormat.Ignition ? Ignition.Write(config) : CloudConfig.Write(config, marked),
                    marks,
                    OwnValues.Of(ModelOf(node, NodeSecrets.Distinct), withFiles: true))
                : null;
            return stencil is not null && new[] { node, alike[^1] }.All(one => IsTrue(stencil, one, language)) ? stencil : null;
        }
        catch (RenderingException)
        {
            return null; // marks are no values for it, or none are: who asks is told
        }
    }

    private NodeModel ModelOf(Node node, NodeSecrets secrets, Marks? marks)
    {
        var files = _files(node);
        return new NodeModel(node, files.Shared, secrets, files, marks);
    }

    private bool IsTrue(Stencil stencil, Node node, ConfigFormat language) =>
        FilledConfig.Of(Render(node, language, NodeSecrets.Distinct)).ToArray().AsSpan().SequenceEqual(
            stencil.Fill(ModelOf(node, NodeSecrets.Distinct))?.ToArray());

    /// <summary>Nodes that are described alike.</summary>
    private sealed class Kind(IReadOnlyList<Node> nodes, Func<ConfigFormat, Stencil?> cut)
    {
        private readonly Lazy<Stencil?> _cloudConfig = new(() => cut(ConfigFormat.CloudConfig));
        private readonly Lazy<Stencil?> _ignition = new(() => cut(ConfigFormat.Ignition));

        public IReadOnlyList<Node> Nodes => nodes;

        public Stencil? In(ConfigFormat language) =>
            (language == ConfigFormat.Ignition ? _ignition : _cloudConfig).Value;
    }
}
