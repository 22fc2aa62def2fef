using System.Globalization;
using System.Text;

namespace Bootstrapper.Inventory.Audit;

/// <summary>
/// The stream that git-fast-import(1) reads, section "Input format". Every text goes with its length: nothing in it can be taken
/// for a command.
/// </summary>
internal static class FastImport
{
    /// <param name="parent">The commit that the first one follows; <c>null</c> for none.</param>
    public static async Task WriteAsync(Stream output, string branch, string? parent, IEnumerable<AuditCommit> commits)
    {
        foreach (var commit in commits)
        {
            await output.WriteAsync(Commit(branch, parent, commit));
            parent = null; // from here on git knows what the branch is at
        }

        await output.WriteAsync("done\n"u8.ToArray());
    }

    private static byte[] Commit(string branch, string? parent, AuditCommit commit)
    {
        var text = new StringBuilder();
        var time = commit.At.ToUnixTimeSeconds();
        text.Append(
            CultureInfo.InvariantCulture,
            $"commit {branch}\nauthor {commit.By} {time} +0000\ncommitter {AuditLogFormat.Committer(commit.Mac)} {time} +0000\n");
        AppendData(text, commit.Reason.Length > 0 ? $"{commit.Title}\n\n{commit.Reason}\n" : $"{commit.Title}\n");
        if (parent is not null)
        {
            text.Append(CultureInfo.InvariantCulture, $"from {parent}\n");
        }

        foreach (var file in commit.Files)
        {
            AppendFile(text, file);
        }

        return Encoding.UTF8.GetBytes(text.ToString());
    }

    private static void AppendFile(StringBuilder text, AuditFile file)
    {
        if (file.Content is { } content)
        {
            text.Append(CultureInfo.InvariantCulture, $"M 100644 inline {file.Path}\n");
            AppendData(text, content);
        }
        else
        {
            text.Append(CultureInfo.InvariantCulture, $"D {file.Path}\n");
        }
    }

    private static void AppendData(StringBuilder text, string content) =>
        text.Append(CultureInfo.InvariantCulture, $"data {Encoding.UTF8.GetByteCount(content)}\n{content}\n");
}
