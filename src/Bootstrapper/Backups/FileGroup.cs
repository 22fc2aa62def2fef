namespace Bootstrapper.Backups;

/// <summary>
/// Files that mean something together only, such as a certificate and its key: all of them as they were at one moment. Each is
/// opened, and then all must still stand where they stood, and no other beside them. Whoever writes waits for nobody.
/// </summary>
/// <param name="list">Their paths now, in the data root.</param>
internal sealed class FileGroup(Bsroot bsroot, TimeProvider time, Func<IReadOnlyList<string>> list)
{
    private const int MostTries = 200;

    /// <summary>Until the next try; in a boot storm the shortest-lived of them stays for tens of milliseconds.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(10);

    /// <summary>
    /// Who writes a file in its place, as dnsmasq and some editors do, goes on within that time; the shorter one for files that
    /// are hardly ever left alone so long.
    /// </summary>
    private static readonly TimeSpan Writing = TimeSpan.FromMilliseconds(20), WritingInStorm = TimeSpan.FromMilliseconds(2);

    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(1);

    /// <summary>Whether they are only ever added to, or replaced whole: then what comes behind their end is no change.</summary>
    public bool IsGrowing { get; init; }

    /// <summary>
    /// Whether they are emptied and written anew in their places: then a longer one may be the rest of a torn one.
    /// </summary>
    public bool IsRewritten { get; init; }

    /// <exception cref="IOException">One cannot be read, or they were never at rest.</exception>
    public async Task<IReadOnlyList<TakenFile>> TakeAsync(CancellationToken cancellation)
    {
        var names = list();
        for (var tries = 1; tries <= MostTries; tries++)
        {
            // A file that is added to without end, such as a log, is never at rest.
            if (await TryTakeAsync(names, isLate: tries > MostTries / 2, cancellation) is { } taken)
            {
                return taken;
            }

            await Task.Delay(Pause, cancellation);
            names = list();
        }

        throw new IOException($"{bsroot.At(names.Count == 0 ? "" : names[0])} and the files beside it were changed again and "
            + "again while they were read: try again later");
    }

    private async Task<IReadOnlyList<TakenFile>?> TryTakeAsync(
        IReadOnlyList<string> names, bool isLate, CancellationToken cancellation)
    {
        var taken = new List<TakenFile>();
        var isWhole = false;
        try
        {
            foreach (var name in names)
            {
                taken.Add(TakenFile.Open(bsroot, name));
            }

            var fresh = taken.FindAll(file => !IsGrowing && time.GetUtcNow() - file.State.Modified < Fresh);
            if (fresh.Count > 0)
            {
                await Task.Delay(isLate ? WritingInStorm : Writing, cancellation);
            }

            var orLonger = IsGrowing || (isLate && !IsRewritten);
            isWhole = (isLate || !fresh.Exists(file => file.Length == 0)) // somebody may be about to write it
                && taken.TrueForAll(file => file.IsThere(orLonger)) && list().SequenceEqual(names, StringComparer.Ordinal);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            // It was replaced by another, or went: the next list says.
        }
        finally
        {
            if (!isWhole)
            {
                taken.ForEach(file => file.Dispose());
            }
        }

        return isWhole ? taken : null;
    }
}
