using Bootstrapper.Cluster;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Bootstrapper.Rendering;

/// <summary>
/// Reads a cloud-config as coreos-cloudinit 1.14 would, which skips what it does not know without a word and leaves a
/// machine half configured. Works on the parser's events: ten thousand nodes are checked at every load.
/// </summary>
internal static class CloudConfigCheck
{
    private static readonly HashSet<string> TopLevel = new(StringComparer.Ordinal)
    {
        "hostname", "ssh_authorized_keys", "users", "write_files", "coreos", "manage_etc_hosts",
    };

    private static readonly HashSet<string> CoreOS = new(StringComparer.Ordinal) { "units", "update", "locksmith", "flannel", "oem" };

    /// <summary>The first thing wrong, at its place in <paramref name="text"/>; a problem carries no value, which may be a secret.</summary>
    public static (Position Position, string Message)? FirstProblem(string text)
    {
        if (!text.StartsWith("#cloud-config\n", StringComparison.Ordinal))
        {
            return (new Position(1, 1), "the first line must be #cloud-config");
        }

        try
        {
            return UnknownKey(new Parser(new StringReader(text)));
        }
        catch (YamlException e)
        {
            return (PositionOf(e.Start), "is not YAML");
        }
    }

    private static (Position, string)? UnknownKey(Parser parser)
    {
        parser.Consume<StreamStart>();
        parser.Consume<DocumentStart>();
        if (!parser.TryConsume<MappingStart>(out _))
        {
            return (PositionOf(parser.Current!.Start), "must be a mapping");
        }

        (Position, string)? problem = null;
        while (!parser.TryConsume<MappingEnd>(out _))
        {
            var key = parser.Consume<Scalar>();
            problem ??= Unknown(key, TopLevel, "");
            if (key.Value == "coreos" && parser.TryConsume<MappingStart>(out _))
            {
                while (!parser.TryConsume<MappingEnd>(out _))
                {
                    problem ??= Unknown(parser.Consume<Scalar>(), CoreOS, "coreos.");
                    parser.SkipThisAndNestedEvents();
                }
            }
            else
            {
                parser.SkipThisAndNestedEvents();
            }
        }

        parser.Consume<DocumentEnd>();
        parser.Consume<StreamEnd>();
        return problem;
    }

    private static (Position, string)? Unknown(Scalar key, HashSet<string> known, string prefix) =>
        known.Contains(key.Value) ? null : (PositionOf(key.Start), $"{prefix}{key.Value} is not a key of a cloud-config");

    private static Position PositionOf(Mark mark) => new(mark.Line, mark.Column);
}
