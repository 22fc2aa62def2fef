using Bootstrapper.Cluster.Yaml;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Bootstrapper.Cluster.Manifests;

/// <summary>
/// A value of a file of several documents, and where it is in the text. An alias is the very value that it stands for.
/// </summary>
internal sealed class ManifestNode
{
    /// <summary>Definitions of custom resources need forty.</summary>
    private const int DeepestNesting = 200;

    private readonly Dictionary<string, ManifestNode> _entries = new(StringComparer.Ordinal);
    private readonly List<ManifestNode> _items = [];

    private ManifestNode(NodeEvent start)
    {
        Place = YamlText.PositionOf(start.Start);
        (Start, End) = ((int)start.Start.Index, (int)start.End.Index);
        Text = (start as Scalar)?.Value;
    }

    public Position Place { get; }

    public int Start { get; }

    public int End { get; }

    /// <summary>Of a scalar.</summary>
    public string? Text { get; }

    public IReadOnlyDictionary<string, ManifestNode> Entries => _entries;

    public IReadOnlyList<ManifestNode> Items => _items;

    /// <param name="path">Keys with dots between.</param>
    public ManifestNode? At(string path) => path.Split('.').Aggregate(
        (ManifestNode?)this, (node, key) => node?._entries.GetValueOrDefault(key));

    /// <summary>Those with something in them.</summary>
    /// <exception cref="YamlException">The text breaks YAML's grammar, or nests too deeply.</exception>
    public static List<ManifestNode> Documents(Parser parser, Action<Position, string> report)
    {
        parser.Consume<StreamStart>();
        List<ManifestNode> documents = [];
        while (parser.TryConsume<DocumentStart>(out _))
        {
            var root = Value(parser, [], report, depth: 0);
            parser.Consume<DocumentEnd>();
            if (root.Text != "")
            {
                documents.Add(root);
            }
        }

        return documents;
    }

    private static ManifestNode Value(
        Parser parser, Dictionary<AnchorName, ManifestNode> anchors, Action<Position, string> report, int depth)
    {
        if (parser.TryConsume<AnchorAlias>(out var alias))
        {
            return anchors.GetValueOrDefault(alias.Value)
                ?? throw new SemanticErrorException(alias.Start, alias.End, $"No anchor &{alias.Value} comes before this alias.");
        }

        var start = parser.Consume<NodeEvent>();
        var node = depth < DeepestNesting ? new ManifestNode(start) : throw new SemanticErrorException(
            start.Start, start.End, $"Values are nested more than {DeepestNesting} deep.");
        if (!start.Anchor.IsEmpty)
        {
            anchors[start.Anchor] = node;
        }

        switch (start)
        {
            case SequenceStart:
                while (!parser.TryConsume<SequenceEnd>(out _))
                {
                    node._items.Add(Value(parser, anchors, report, depth + 1));
                }

                break;
            case MappingStart:
                while (!parser.TryConsume<MappingEnd>(out _))
                {
                    node.Add(Value(parser, anchors, report, depth + 1), Value(parser, anchors, report, depth + 1), report);
                }

                break;
        }

        return node;
    }

    private void Add(ManifestNode key, ManifestNode value, Action<Position, string> report)
    {
        if (key.Text is not { } name)
        {
            report(key.Place, "a key must be plain text");
        }
        else if (!_entries.TryAdd(name, value))
        {
            report(key.Place, $"{name} is given twice");
        }
    }
}
