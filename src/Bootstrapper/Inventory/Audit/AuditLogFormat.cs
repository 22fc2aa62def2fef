using System.Globalization;
using Bootstrapper.Cluster;

namespace Bootstrapper.Inventory.Audit;

/// <summary>
/// How git-log(1) is told to write entries, and how they are read: with <c>-z</c>, fields end at NUL, which no commit can hold.
/// </summary>
internal static class AuditLogFormat
{
    /// <summary>Each entry is an empty field, these seven, and the paths of its files.</summary>
    public static readonly IReadOnlyList<string> Arguments =
        ["-z", "--name-only", "--full-diff", "--format=%x00%H%x00%an%x00%ae%x00%ce%x00%at%x00%s%x00%b"];

    private const int Fields = 7;

    /// <summary>
    /// Who commits: it is we, always, so that in what stands for our mail address there is room for a machine. No reason that
    /// somebody gives can say there that it is about another.
    /// </summary>
    public static string Committer(MacAddress? mac) =>
        mac is { } one ? $"{Author.Program.Name} <{Author.Program.Kind} {one}>" : $"{Author.Program}";

    public static IEnumerable<AuditEntry> Read(string log)
    {
        var parts = log.Split('\0');
        for (var at = 1; at + Fields < parts.Length;)
        {
            var paths = parts.Skip(at + Fields).TakeWhile(part => part.Length > 0).Select(path => path.TrimStart('\n')).ToList();
            yield return Entry(parts.AsSpan(at, Fields), paths);
            at += Fields + paths.Count + 1;
        }
    }

    private static AuditEntry Entry(ReadOnlySpan<string> fields, IReadOnlyList<string> paths)
    {
        var subject = fields[5];
        var named = paths is [var path] ? Path.GetFileNameWithoutExtension(path) : fields[3].Split(' ')[^1];
        var mac = MacAddress.TryParse(named, null, out var one) ? one : (MacAddress?)null;
        return new AuditEntry(
            fields[0],
            DateTimeOffset.FromUnixTimeSeconds(long.Parse(fields[4], CultureInfo.InvariantCulture)),
            fields[1],
            fields[2] is "machine" or "program" ? fields[2] : "operator",
            mac is not null && subject.IndexOf(": ", StringComparison.Ordinal) is > 0 and var end ? subject[..end] : null,
            mac,
            subject,
            fields[6].Trim() is { Length: > 0 } reason ? reason : null);
    }
}
