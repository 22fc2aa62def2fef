using System.Text.RegularExpressions;
using Bootstrapper.Cluster;

namespace Bootstrapper.Bundles;

/// <summary>
/// Container images that stand in a text: where a manifest has <c>image:</c>, and wherever our registry's name begins a word.
/// </summary>
internal static partial class NamedImage
{
    /// <param name="registry">Ours: name and port.</param>
    public static IEnumerable<ImageReference> In(string text, string registry) =>
        (from line in text.Split('\n')
         where !NamedUrl.IsComment(line)
         from name in Field().Matches(line).Select(match => match.Groups["name"].Value).Concat(OfRegistry(line, registry))
         let image = ImageReference.TryParse(name, out var reference) ? reference : null
         where image is not null
         select image).Distinct();

    private static IEnumerable<string> OfRegistry(string line, string registry) =>
        Word().Matches(line).Select(match => match.Value)
            .Where(word => word.StartsWith($"{registry}/", StringComparison.Ordinal));

    [GeneratedRegex(@"^\s*(?:-\s+)?image:\s*[""']?(?<name>[^\s""'#]+)", RegexOptions.ExplicitCapture)]
    private static partial Regex Field();

    [GeneratedRegex(@"(?<![A-Za-z0-9._:@/-])[A-Za-z0-9._:@/-]+")]
    private static partial Regex Word();
}
