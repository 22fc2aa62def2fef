using System.Text.Json;

namespace Bootstrapper.Inventory.Audit;

/// <summary>
/// What is yet to be committed, on disk: a change is in it before the machine has its answer, so that the process may be killed
/// at any time and the trail still holds every step. (A power cut may take the last lines of
/// <see cref="Append(AuditCommit)"/>; the state files, which it cannot take, then tell the outcome.)
/// </summary>
/// <param name="directory">Inside the repository's own directory: who deletes the trail deletes this with it.</param>
internal sealed class AuditJournal(string directory)
{
    /// <summary>With git broken for good, the disk must not fill: what comes later is found in the state files.</summary>
    private const long MostBytes = 256 * 1024 * 1024;

    private const string BegunPrefix = "begun-";

    private const int NoSpace = 28; // ENOSPC

    private readonly Lock _gate = new();

    private string Pending => Path.Combine(directory, "pending");

    public bool IsPending => File.Exists(Pending);

    /// <exception cref="IOException">The disk is full, or the journal is.</exception>
    public void Append(AuditCommit commit) => Append(commit, line => File.AppendAllText(Pending, line));

    /// <summary>When it returns, the change survives a power cut, too.</summary>
    /// <inheritdoc cref="Append(AuditCommit)" path="/exception"/>
    public void AppendForCertain(AuditCommit commit) => Append(commit, line => Bsroot.Append(Pending, line));

    private void Append(AuditCommit commit, Action<string> append)
    {
        // It also begins a line: the one before it may be torn, by a kill or a full disk, and takes no other with it.
        var line = $"\n{JsonSerializer.Serialize(commit, JsonSerializerOptions.Web)}\n";
        lock (_gate)
        {
            Bsroot.MakeDirectory(directory);
            if (new FileInfo(Pending) is { Exists: true, Length: > MostBytes })
            {
                throw new IOException($"{Pending} is full: git has been failing for a long time", NoSpace);
            }

            append(line);
        }
    }

    /// <summary>Takes all that is pending, or what an earlier run began with.</summary>
    /// <param name="head">The commit that the next one follows: if it has moved when we look again, the batch is in.</param>
    public AuditBatch? Begin(string head)
    {
        lock (_gate)
        {
            Bsroot.MakeDirectory(directory);
            if (Directory.EnumerateFiles(directory, $"{BegunPrefix}*").FirstOrDefault() is { } begun)
            {
                return new AuditBatch(begun, Path.GetFileName(begun)[BegunPrefix.Length..]);
            }

            if (!File.Exists(Pending))
            {
                return null;
            }

            var batch = new AuditBatch(Path.Combine(directory, BegunPrefix + head), head);
            File.Move(Pending, batch.File);
            return batch;
        }
    }

    public static void End(AuditBatch batch) => File.Delete(batch.File);
}

/// <summary>Changes that are committed together, all or none.</summary>
/// <param name="Head">What they were to follow.</param>
internal sealed record AuditBatch(string File, string Head)
{
    /// <remarks>A line that is torn is left out.</remarks>
    public IEnumerable<AuditCommit> Read() =>
        System.IO.File.ReadLines(File).Where(line => line.Length > 0).Select(Parse).OfType<AuditCommit>();

    private static AuditCommit? Parse(string line)
    {
        try
        {
            return JsonSerializer.Deserialize<AuditCommit>(line, JsonSerializerOptions.Web);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
