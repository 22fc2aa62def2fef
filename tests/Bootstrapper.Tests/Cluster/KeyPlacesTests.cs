using System.Text.RegularExpressions;
using Bootstrapper.Tests.Layout;

namespace Bootstrapper.Tests.Cluster;

/// <summary>Who adds a key to the description edits one file of the folder: what is read of it stands beside it.</summary>
public sealed partial class KeyPlacesTests
{
    /// <summary>Nodes take them where neither they nor their profiles say anything; there is no other use for them.</summary>
    private static readonly string[] OfNodes = ["OperatingSystemKeys.Config", "ClusterKeys.FanOut"];

    public static TheoryData<string> Declaring =>
    [
        .. Directory.EnumerateFiles(Path.Combine(SourceTree.Directory, "Cluster"), "*.cs")
            .Where(file => Keys(File.ReadAllText(file)).Any())
            .Select(file => Path.GetFileName(file)!).Order(StringComparer.Ordinal),
    ];

    [Theory]
    [MemberData(nameof(Declaring))]
    public void A_key_is_read_in_the_file_that_declares_it(string file)
    {
        var text = File.ReadAllText(Path.Combine(SourceTree.Directory, "Cluster", file));
        Assert.All(
            Keys(text).Except(OfNodes, StringComparer.Ordinal), key => Assert.Contains(key, text, StringComparison.Ordinal));
    }

    /// <summary>Such as <c>BootKeys.Kernel</c>. Synonyms are read as what they stand for, sections by the keys in them.</summary>
    private static IEnumerable<string> Keys(string text) =>
        from holder in Holder().Matches(text)
        from key in Key().Matches(holder.Groups["body"].Value)
        select $"{holder.Groups["name"].Value}.{key.Groups["name"].Value}";

    [GeneratedRegex(
        @"^internal static class (?<name>\w+Keys)\n\{(?<body>.*?)^\}",
        RegexOptions.Multiline | RegexOptions.Singleline | RegexOptions.ExplicitCapture)]
    private static partial Regex Holder();

    [GeneratedRegex(
        @"static readonly (Value|List|Lines|Table|ValueOrSection)Key(<\w+>)? (?<name>\w+) =",
        RegexOptions.ExplicitCapture)]
    private static partial Regex Key();
}
