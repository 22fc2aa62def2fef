using System.Globalization;
using System.Text.RegularExpressions;
using Bootstrapper.Cluster.Yaml;
using Bootstrapper.Host;

namespace Bootstrapper.Cluster.Manifests;

/// <summary>
/// Reads a file of Kubernetes objects as far as we can judge it: that each is one, and which images its pods run. What else is in
/// them is for the API server to know.
/// </summary>
internal sealed partial class ManifestReader
{
    /// <summary>In the data root.</summary>
    public const string Folder = "manifests/";

    private static readonly string[] Containers = ["containers", "initContainers", "ephemeralContainers"];

    private readonly string _text;
    private readonly List<Problem> _problems = [];
    private readonly List<ManifestImage> _images = [];
    private readonly HashSet<ManifestNode> _seen = new(ReferenceEqualityComparer.Instance);

    private ManifestReader(string text) => _text = text;

    /// <returns>No manifest where there are problems.</returns>
    public static (Manifest? Manifest, IReadOnlyList<Problem> Problems) Read(string name, string text)
    {
        var reader = new ManifestReader(text.TrimStart('\ufeff').Replace("\r\n", "\n", StringComparison.Ordinal));
        reader.Read();
        return reader._problems.Count > 0
            ? (null, reader._problems.ConvertAll(problem => problem with { File = $"{Folder}{name}" }))
            : (new Manifest(name, reader._text, [.. reader._images.OrderBy(image => image.Start)]), []);
    }

    private void Read()
    {
        if (Unfit().Match(_text) is { Success: true } unfit)
        {
            Report(
                PlaceOf(unfit.Index),
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"it has the character U+{(int)unfit.Value[0]:X4} here, which does not reach nodes as it is: remove it"));
            return;
        }

        var objects = YamlText.Read(_text, _problems, parser => ManifestNode.Documents(parser, Report));
        objects?.ForEach(Object);
        if (objects?.Count == 0)
        {
            Report(new Position(1, 1), "holds no object of Kubernetes");
        }
    }

    private void Object(ManifestNode node)
    {
        foreach (var path in new[] { "apiVersion", "kind", "metadata.name" })
        {
            if (!(path == "metadata.name" && IsList(node)) && string.IsNullOrEmpty(node.At(path)?.Text))
            {
                Report(node.Place, $"is not an object of Kubernetes: expected {path}");
                return;
            }
        }

        Pods(node);
    }

    private static bool IsList(ManifestNode node) => node.At("kind")?.Text?.EndsWith("List", StringComparison.Ordinal) == true;

    /// <summary>Wherever in it they are: in objects that make pods, and in lists of objects.</summary>
    private void Pods(ManifestNode node)
    {
        if (!_seen.Add(node))
        {
            return;
        }

        foreach (var (key, value) in node.Entries)
        {
            if (Containers.Contains(key, StringComparer.Ordinal))
            {
                value.Items.Where(item => item.At("name") is not null).ToList().ForEach(Container);
            }

            Pods(value);
        }

        foreach (var item in node.Items)
        {
            Pods(item);
        }
    }

    private void Container(ManifestNode container)
    {
        if (container.At("image") is not { Text: { } name } image || !_seen.Add(image))
        {
            return;
        }

        if (!ImageReference.TryParse(name, out var reference))
        {
            Report(image.Place, $"not the name of a container image: {Printable.Escaped(name)}");
        }
        else if (_text[image.Start..image.End].Trim('"', '\'') != name)
        {
            Report(image.Place, "the name of an image must stand on its line as it is: expected no anchor, tag or block");
        }
        else
        {
            _images.Add(new ManifestImage(reference, image.Start, image.End));
        }
    }

    private Position PlaceOf(int index) => new(
        _text.AsSpan(0, index).Count('\n') + 1, index - _text.AsSpan(0, index).LastIndexOf('\n'));

    private void Report(Position at, string message) => _problems.Add(Problem.Error("", message) with { Position = at });

    /// <summary>What some readers of YAML take for the end of a line, and others do not.</summary>
    [GeneratedRegex("[\\r\\u0085\\u2028\\u2029]")]
    private static partial Regex Unfit();
}
