//! Words that stand in capitals without being a person's name: what begins sentences, headings
//! and labels, organisations, days, titles, roles.

use super::{Flags, is};

/// Words, and what they are.
pub(super) const WORDS: &[(&str, Flags)] = &[
    (
        "the a an i he she it we you they this that these those there here what when where who why how which whose whom my your his \
         her its our their me him us them myself yourself and or but nor so yet for if then else than as at by from in into of off on \
         onto out over to up with without about above across after again against all almost along already also although always \
         among any anybody anyone anything are aren around back be because been before behind being below beneath beside between beyond both can \
         cannot could couldn did didn do does doesn doing don done down during each either enough even ever every everybody everyone \
         everything everywhere except few first last once one two three four five six seven eight nine ten eleven twelve hundred thousand million second third fourth \
         had has have having hello hi hey hereby however indeed instead is isn just keep later least less let lets like many maybe might more most \
         much must near neither never next no nobody none not nothing now nowhere often oh ok okay only other others ought own per perhaps please quite \
         rather really same several shall should since some somebody someone something sometimes somewhere soon still such sure \
         thank thanks that the though through throughout thus till together too toward towards under unless until upon very was wasn were what whatever \
         whether while will wish would yes yesterday today tomorrow tonight morning afternoon evening night noon midnight day days week weeks month months year years \
         hour hours minute minutes time times date am pm ago early late new old young good better best bad worse worst great big small little large long short high \
         low left right top bottom front end begin beginning start started stop finish finished full empty open closed early free busy easy hard hot cold warm cool \
         red green blue yellow orange purple pink brown grey golden silver add added adding agree ask asked asks allow apply become begin believe bring brought build built \
         buy call called calls came cancel care carry change changed check checked choose clear click close come comes coming confirm confirmed connect connected \
         consider contact continue copy could count create created cut dear deal decide delete deliver delivered delivery describe develop discover discuss \
         discussed download draw drive drink drop eat edit email enable ensure enter enjoy enjoyed expect explain explore feel feeling felt fill find finally fix focus \
         follow following forget forgot forward found gave get gets getting give given gives go goes going gone got grow guess happen happened happy hear heard help \
         helped hold hope hoping include including inform install invite join know known learn learned leave leaving listen live lived log login look looked looking looks \
         lose lost love loved made make makes making manage mean meant meet meeting met miss missed move moved need needed needs note noted notice number offer \
         order ordered organize pay paid pick plan planned planning plans play played prefer prepare prepared press provide purchase put read ready receive received \
         recommend recommended record register regarding regards remember remind reminder remove rent reply report reported request requested require reserve \
         reset respond rest return returned review reviewed ride run said save saw say says scan schedule scheduled search see seem seems seen select sell send sends sent set share \
         shared shipped shop show showed shown sign signed sit sleep sold speak spend spent stand stay submit subscribe suggest support take taken talk taught teach tell \
         test think thought told took touch track train travel traveled tried try turn type understand unfortunately update updated upgrade upload use used user uses using \
         usually verify verified view visit visited wait waiting walk walked want wanted warning watch watched wear welcome went win wonder wonderful work worked working works \
         worry write wrote written recently currently additionally furthermore moreover meanwhile otherwise therefore hence besides initially previously actually apparently \
         basically certainly clearly definitely especially eventually exactly generally hopefully immediately likely mostly naturally nearly normally obviously occasionally possibly \
         probably quickly simply slightly slowly specifically suddenly surely totally typically absolutely according based due despite within whenever wherever although",
        is::COMMON,
    ),
    (
        "account accounts action activity address admin administration advice age agenda agent agreement air alarm alert amount analysis animal answer app application \
         appointment area arrival art article assistant attention audio author baby background bag balance ball band bank base bathroom bay beach bed \
         bedroom bike bill bird birth birthday blog board boat body bonus book booking books border box boy boys brand bread breakfast bridge brother building \
         bus business cable cafe calendar camera camp campaign cancer car card cards career cars case cash cat category cell center centre century certificate chair \
         challenge chance channel chapter chat chicken child children choice christmas church cinema city class classic clean client clients clinic clock clothes cloud club coach coast code \
         coffee collection college color comedy comment comments common community company competition complete computer concert condition conference connection \
         content contract control conversation cooking corner cost costs country course court cover credit culture current customer customers data database daily dance \
         database deadline death debit degree delay department design desk detail details development device dinner direction director discount distance district doctor document \
         documents dog dollar dollars door draft dream drug earth east eastern economy education effect effort elevator emergency employee employees energy engine english environment error \
         europe event events exam example exercise exhibition experience export eye eyes face fact factory fall family fans farm fashion father favorite feature fee feedback \
         festival field figure file files film final finance financial fire fish fitness flight floor flower food foot football force foreign form format forum foundation friend friends fruit \
         fund future gallery game games garden gas gate general gift girl girls glass global goal gold golf government grand grade ground group guest guide gym hair half \
         hall hand hands hat head header heading health heart heat history hobby holiday home hospital host hotel house housing human husband ice id idea ideas image \
         impact import important income index industry info information inside insurance interest international internet interview introduction inventory invoice island issue item items jazz job jobs \
         journal journey judge junior key kid kids kitchen knowledge lab lady lake land language laptop laser law leader leadership lecture legal lesson letter level library \
         license life light line link list literature loan local location lock logistics lot lounge love lunch machine magazine mail main maintenance mall man \
         management manager manual map market marketing master match material matter meal medical medicine member members memo memorial memory men menu message messages \
         metro middle military mind mission mobile mode model modern moment money mother motion mountain mouse movie movies museum music name names nation national natural nature \
         network news newspaper north northern notebook notes notification novel nurse object ocean office officer official oil online opera operation opinion opportunity option options organic \
         orchestra original outdoor package page paid paint painting pair palace panel paper parent parents park parking part partner party pass passenger password path patient \
         pattern payment peace pen people performance period person personal pharmacy phone photo photos physical physician piano picture pictures piece pizza place platform player \
         pleasure point police policy pool population port position post poster power practice present president pressure price prime print printer private prize problem process \
         product production products professional professor profile program progress project promotion property protection public quality quarter question questions quick quiet radio rail railway rain \
         range rate rating reader reading reason receipt recipe reference region relations release religion report research reservation resident residential resource response \
         restaurant result results revenue reward rice ring river road rock role room root route rule safety salary sale sales salon school science score screen sea season seat \
         secret section security self senior series server service services session shift ship shoes shopping side sir sister site size skill sky smart snow social society software soft \
         son song songs sort sound source south southern space special speech speed sport sports spring staff stage standard star state statement station status step stock storage \
         store story strategy stress strong student students studio study style subject success sugar suit summary summer sun supervisor supply surface surprise survey system systems \
         table target task tax tea teacher team technical technology telephone tele term terms text theater theatre theme theory thing things ticket tickets tip tips title toilet tool tools \
         topic total tour tourist tower town toy trade traditional traffic training transaction transfer transport trip truck trust truth tv union unit united university username value \
         vehicle venue version video village vip virus vision visa visitor voice volume war wall warehouse washing water wave weather web website wedding weekend weight weekly west western wheel \
         wife wifi wild wind window wine winter woman women wood word words worker workers workshop world worth writing yard yoga zone zoo unfortunate \
         subject sincerely cheers greetings best warm kind respectfully faithfully attn attachment cc bcc fwd fw re signature confidential draft internal \
         invoice dob ssn mr mrs ms error info debug trace critical fatal exception true false null undefined none unknown default localhost windows linux ubuntu \
         google microsoft amazon facebook apple twitter linkedin youtube instagram whatsapp paypal visa mastercard android iphone chrome firefox safari mozilla \
         github slack zoom gmail outlook yahoo wechat alipay taobao meituan douyin weibo huawei xiaomi tencent alibaba baidu netflix spotify uber samsung sony intel \
         oracle adobe cisco dell ibm nvidia api url http https html json xml sql csv pdf usb cpu gpu ram ssd vpn dns ip mac ssl tls hr it qa ceo cto cfo vp faq \
         running camping jogging swimming hiking autumn urban investments skating push sms notification takeout express agenda contacts gift monitor reading reflection reflections itinerary summary checklist plan log diary thoughts",
        is::COMMON,
    ),
    (
        "american british english french german spanish italian dutch chinese japanese korean russian indian canadian australian \
         mexican brazilian turkish greek polish swedish norwegian danish finnish irish scottish welsh swiss austrian european asian african \
         arab arabic hebrew latin roman christian muslim jewish catholic protestant hindu buddhist islamic republican democrat \
         communist portuguese hungarian czech slovak romanian bulgarian croatian serbian slovenian ukrainian egyptian israeli \
         persian iranian pakistani thai vietnamese filipino indonesian malaysian mandarin cantonese western eastern northern southern central",
        is::COMMON,
    ),
    (
        "monday tuesday wednesday thursday friday saturday sunday january february march april june july august september october \
         november december jan feb mar apr jun jul aug sep sept oct nov dec mon tue tues wed thu thur thurs fri sat sun montag \
         dienstag mittwoch donnerstag freitag samstag sonntag januar februar marz juni juli oktober dezember lundi mardi mercredi \
         jeudi vendredi samedi dimanche janvier fevrier avril juin juillet aout septembre octobre novembre decembre lunes martes miercoles \
         jueves viernes sabado domingo enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
        is::CALENDAR,
    ),
    (
        "mr mrs ms miss mister dr prof sir madam mme mlle herr frau hr fr sr sra srta dott dottor signor signora monsieur madame \
         doctor professor rev reverend father capt captain lt sgt mx shri smt messrs",
        is::TITLE,
    ),
    (
        "uncle aunt auntie grandma grandpa grandfather grandmother brother sister cousin coach teacher director manager \
         engineer nurse officer chairman secretary editor lawyer attorney agent president minister judge senator governor mayor \
         principal instructor trainer supervisor consultant technician driver colleague friend neighbor neighbour classmate \
         producer singer actor actress guitarist author accountant receptionist designer boss tutor mentor landlord landlady comrade husband wife daughter son mother",
        is::ROLE,
    ),
    (
        "inc ltd llc plc corp corporation company co gmbh ag kg sa sarl srl spa bv nv ab oy as pty pvt limited group holdings \
         associates partners bank university college institute hospital clinic foundation association committee council ministry \
         department agency airlines airways motors industries enterprises solutions systems technologies consulting capital insurance \
         hotel restaurant museum theatre theater school academy church club society orchestra band museum stadium airport station \
         park lake river mountain valley island bay beach hill bridge tower palace temple mall market center centre cafe shop store building plaza \
         library gallery studio garden court county district community residential province \
         railway magazine press news times tribune awards festival cup league championship foods investments properties brothers sons cosmetics pharmaceuticals labs laboratories",
        is::ORGANISATION,
    ),
    (
        "van von der den de la le du da dos das di del della el al bin ibn bint ben zu zum zur ter ten op af av y e san santa st \
         abu ould ait mac mc ap 't",
        is::PARTICLE,
    ),
    (
        "name names named nome nom prenom nombre vorname nachname apellido surname firstname lastname fullname forename maiden \
         called regards sincerely cheers dear hi hello hey contact attn from by signed author employee customer patient owner \
         applicant spouse recipient sender cardholder beneficiary holder witness guest tenant mit met with assigned reporter \
         requester technician naam imie jmeno cc bcc mail caller greetings love thanks gruss grusse cordialement saludos \
         atentamente saluti bonjour hola liebe lieber geehrter geehrte cher chere estimado estimada manager assignee requestor",
        is::NAME,
    ),
];
