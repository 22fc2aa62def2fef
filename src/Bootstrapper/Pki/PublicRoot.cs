using System.Security.Cryptography.X509Certificates;

namespace Bootstrapper.Pki;

/// <summary>A root as others see it, and the part it plays now.</summary>
/// <param name="Part"><c>signs</c>, or <c>next</c> or <c>old</c> while one follows another.</param>
internal sealed record PublicRoot(RootName Name, string Part, X509Certificate2 Certificate)
{
    public const string Signs = "signs";
    public const string Next = "next";
    public const string Old = "old";

    /// <summary>As a table shows it: <c>cluster</c>, <c>etcd (old)</c>.</summary>
    public string Label => Part == Signs ? Name.Word() : $"{Name.Word()} ({Part})";

    /// <summary>Those that are in the data root; reads, and makes nothing.</summary>
    /// <exception cref="PkiException">A file cannot be read.</exception>
    public static IReadOnlyList<PublicRoot> All(Bsroot bsroot) =>
    [
        .. from name in RootNames.All
           let paths = bsroot.PathsOf(name)
           from file in new[] { (Path: paths.Certificate, Part: Signs),
               (Path: paths.Next, Part: Next), (Path: paths.Old, Part: Old) }
           where File.Exists(file.Path)
           from certificate in RootCheck.Certificates(RootCheck.ReadFile(file.Path))
           select new PublicRoot(name, file.Part, certificate),
    ];

    public bool HasSigned(X509Certificate2 certificate) =>
        certificate.IssuerName.RawData.AsSpan().SequenceEqual(Certificate.SubjectName.RawData)
            && RootChain.HasSigned(Certificate, certificate);
}
