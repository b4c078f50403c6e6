import java.io.FileInputStream;
import org.verapdf.gf.foundry.VeraGreenfieldFoundryProvider;
import org.verapdf.pdfa.Foundries;
import org.verapdf.pdfa.PDFAParser;
import org.verapdf.pdfa.flavours.PDFAFlavour;
import org.verapdf.pdfa.results.TestAssertion;
import org.verapdf.pdfa.results.ValidationResult;

/** Prints "conforms", or one line "violates CLAUSE-TEST MESSAGE" per failed test of PDF/A-2b. */
public class Judge {
    public static void main(String[] arguments) throws Exception {
        VeraGreenfieldFoundryProvider.initialise();
        PDFAFlavour flavour = PDFAFlavour.PDFA_2_B;
        try (PDFAParser file = Foundries.defaultInstance()
                .createParser(new FileInputStream(arguments[0]), flavour)) {
            ValidationResult result = Foundries.defaultInstance()
                    .createValidator(flavour, false).validate(file);
            if (result.isCompliant()) {
                System.out.println("conforms");
            }
            for (TestAssertion failed : result.getTestAssertions()) {
                System.out.println("violates " + failed.getRuleId().getClause() + "-"
                        + failed.getRuleId().getTestNumber() + " " + failed.getMessage());
            }
        }
    }
}
