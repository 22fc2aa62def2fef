using Bootstrapper.Host;
using Microsoft.Extensions.FileProviders;
using Microsoft.Extensions.FileProviders.Physical;
using Microsoft.Extensions.Primitives;

namespace Bootstrapper.Http.Machines;

/// <summary>
/// Follows links, since <c>current</c> is one, but never out of the root: what a link in <c>www/</c> points at outside is not
/// there.
/// </summary>
/// <param name="root">It need not be there yet.</param>
/// <param name="listing">Whether it tells what a directory holds.</param>
internal sealed class RootedFiles(string root, bool listing = false) : IFileProvider, IDisposable
{
    private PhysicalFileProvider? _files;

    /// <summary>
    /// The file is opened later, by the path given here: not by a link, which may lead to another release by then.
    /// </summary>
    public IFileInfo GetFileInfo(string subpath) =>
        !IsHidden(subpath) && Files()?.GetFileInfo(subpath) is { Exists: true } file && Inside(file.PhysicalPath!) is { } real
            && !FileStamp.IsOther(real) // to open a pipe takes until somebody writes into it
            ? new PhysicalFileInfo(new FileInfo(real))
            : new NotFoundFileInfo(subpath);

    public IDirectoryContents GetDirectoryContents(string subpath) =>
        listing && !IsHidden(subpath) && Files()?.GetDirectoryContents(subpath) is { Exists: true } directory
            && Inside(Path.Combine(root, subpath.Trim('/'))) is not null
            ? new Listing(directory.Where(entry => entry.Name[0] != '.' && Inside(entry.PhysicalPath!) is not null).OrderBy(
                entry => entry.Name, StringComparer.Ordinal))
            : NotFoundDirectoryContents.Singleton;

    public IChangeToken Watch(string filter) => NullChangeToken.Singleton;

    public void Dispose() => _files?.Dispose();

    private PhysicalFileProvider? Files() => _files ?? (Directory.Exists(root) ? _files = new PhysicalFileProvider(root) : null);

    /// <summary>What has a dot before its name, and all in it, is not finished.</summary>
    private static bool IsHidden(string subpath) => subpath.Contains("/.", StringComparison.Ordinal);

    /// <returns>The path with every link on the way followed; <c>null</c> where that leads out.</returns>
    private string? Inside(string path) =>
        Real(path) is { } real && $"{real}/".StartsWith(Real(root) + Path.DirectorySeparatorChar, StringComparison.Ordinal)
            ? real
            : null;

    /// <returns><c>null</c> where links go in circles.</returns>
    private static string? Real(string path)
    {
        try
        {
            return RealPath.Of(path);
        }
        catch (IOException)
        {
            return null;
        }
    }

    private sealed class Listing(IEnumerable<IFileInfo> entries) : IDirectoryContents
    {
        public bool Exists => true;

        public IEnumerator<IFileInfo> GetEnumerator() => entries.GetEnumerator();

        System.Collections.IEnumerator System.Collections.IEnumerable.GetEnumerator() => GetEnumerator();
    }
}
