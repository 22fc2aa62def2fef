using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Bootstrapper.Cluster.Yaml;

/// <summary>
/// Makes values out of a parser's events. YamlDotNet's own model gives up at the first repeated key and follows
/// nesting on the stack until the process dies; this one reports every repetition and stops at a depth.
/// </summary>
/// <param name="lines">The text again, for what the events leave out: where the lines of a literal block begin.</param>
internal sealed partial class YamlComposer(
    IParser parser, string[] lines, Func<string, string> keyName, ICollection<Problem> problems)
{
    /// <summary>Our own files need six.</summary>
    private const int DeepestNesting = 50;

    /// <summary>With all that aliases stand for; a few lines can say that there are a billion.</summary>
    private const long MostValues = 1_000_000;

    private readonly Dictionary<AnchorName, (YamlValue Value, long Size)> _anchors = [];
    private int _depth;
    private long _values;

    /// <returns><c>null</c> when the document is empty or no mapping, which is reported.</returns>
    /// <exception cref="YamlException">The text breaks YAML's grammar, or nests too deeply.</exception>
    public YamlMapping? Document()
    {
        parser.Consume<StreamStart>();
        if (!parser.TryConsume<DocumentStart>(out _))
        {
            Report("", new Position(1, 1), "the file is empty");
            return null;
        }

        var root = Value(path: "");
        parser.Consume<DocumentEnd>();
        RefuseSecondDocument();
        return AsDocument(root);
    }

    private YamlMapping? AsDocument(YamlValue root)
    {
        if (root is YamlMapping mapping)
        {
            return mapping;
        }

        Report(
            "",
            root.At,
            root is YamlScalar { IsNull: true } ? "the file is empty" : "the file must be a mapping of keys to values");
        return null;
    }

    private void RefuseSecondDocument()
    {
        if (parser.Accept<DocumentStart>(out var second))
        {
            Report("", YamlText.PositionOf(second.Start), "a second document begins: the file must hold one");
        }
    }

    private YamlValue Value(string path)
    {
        if (parser.TryConsume<AnchorAlias>(out var alias))
        {
            return Resolve(alias);
        }

        var start = parser.Current as NodeEvent ?? throw Missing(parser.Current);
        RefuseTooDeep(start);
        _depth++;
        var before = _values++;
        var value = Compose(start, path);
        _depth--;
        Remember(start.Anchor, value, size: _values - before);
        return value;
    }

    private YamlValue Resolve(AnchorAlias alias)
    {
        if (!_anchors.TryGetValue(alias.Value, out var anchored))
        {
            throw new SemanticErrorException(alias.Start, alias.End, $"No anchor &{alias.Value} comes before this alias.");
        }

        _values += anchored.Size;
        return _values <= MostValues
            ? anchored.Value
            : throw new SemanticErrorException(
                alias.Start, alias.End, $"With what aliases stand for there are more than {MostValues} values.");
    }

    private YamlValue Compose(NodeEvent start, string path) => start switch
    {
        MappingStart => Mapping(parser.Consume<MappingStart>(), path),
        SequenceStart => List(parser.Consume<SequenceStart>(), path),
        _ => Scalar(parser.Consume<Scalar>(), path),
    };

    private void RefuseTooDeep(NodeEvent start)
    {
        if (_depth == DeepestNesting)
        {
            throw new SemanticErrorException(start.Start, start.End, $"Values are nested more than {DeepestNesting} deep.");
        }
    }

    /// <summary>YamlDotNet 16.3 leaves out the value of an empty key on a line of its own.</summary>
    private static SemanticErrorException Missing(ParsingEvent? instead) =>
        new(instead?.Start ?? Mark.Empty, instead?.End ?? Mark.Empty, "Expected a key or a value before this.");

    private void Remember(AnchorName anchor, YamlValue value, long size)
    {
        if (!anchor.IsEmpty)
        {
            _anchors[anchor] = (value, size);
        }
    }

    private YamlScalar Scalar(Scalar scalar, string path)
    {
        var (text, octets, objection) = YamlTag.OfScalar(scalar.Tag, scalar.Value);
        return new YamlScalar(path, YamlText.PositionOf(scalar.Start), text)
        {
            IsNull = scalar is { Style: ScalarStyle.Plain, Value: "" or "~" or "null" or "Null" or "NULL" }
                && !YamlTag.IsText(scalar.Tag),
            Block = scalar.Style == ScalarStyle.Literal ? FirstLineOf(scalar) : null,
            Octets = octets,
            Objection = objection,
        };
    }

    /// <summary>
    /// The lines of a block lose the indentation that its first line with text has more in the file than in the value.
    /// </summary>
    private Position FirstLineOf(Scalar block)
    {
        var value = block.Value.Split('\n');
        var first = Array.FindIndex(value, line => line.Trim().Length > 0);
        var written = first < 0 ? "" : lines.ElementAtOrDefault((int)block.Start.Line + first) ?? "";
        var indentation = first < 0 ? 0 : Math.Max(0, written.TrimEnd('\r').Length - value[first].Length);
        return new Position(block.Start.Line + 1, indentation + 1);
    }

    private void Report(string path, Position at, string message) =>
        problems.Add(Problem.Error(path, message) with { Position = at });
}
